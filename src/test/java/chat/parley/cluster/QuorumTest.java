package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.version.MemberVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QuorumTest {
  private static final Member SELF = new MemberImpl.Builder(
          new Address(InetAddress.getLoopbackAddress(), 5701))
      .localMember(true)
      .uuid(new UUID(0, 1))
      .version(MemberVersion.UNKNOWN)
      .build();

  private long now = 7;

  private Quorum of(int size) {
    return new Quorum(size, Duration.ofSeconds(4), () -> now);
  }

  @Test
  void before_the_first_look_hazelcast_alone_decides() {
    assertThat(of(2).doubt()).isNull();
  }

  @Test
  void without_enough_members_there_is_none() {
    var quorum = of(2);

    assertThat(quorum.apply(List.of(SELF))).isFalse();
    assertThat(quorum.doubt()).isEqualTo("no quorum");
  }

  /** A node that had been frozen for half a minute acked what nobody else had, before it noticed that it was alone. */
  @Test
  void an_answer_from_before_the_process_stood_still_is_none() {
    var quorum = of(1);
    quorum.apply(List.of(SELF));
    now += Duration.ofSeconds(4).toNanos();
    assertThat(quorum.doubt()).isNull();

    now++;
    assertThat(quorum.doubt()).contains("stood still");

    quorum.apply(List.of(SELF));
    assertThat(quorum.doubt()).isNull();
  }
}
