package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of the cluster that are no node of ours. */
@Timeout(60)
class LookingOnIT {
  private final Members members = Members.of(1, 0);
  private final HazelcastCluster node = members.member(0).cluster();

  @AfterEach
  void stop() {
    members.close();
  }

  @Test
  void whoever_only_looks_on_is_no_node_and_keeps_no_house() {
    assertThat(join("0").getCluster().getMembers()).hasSize(2);

    assertThat(node.nodes()).containsExactly(node.nodeId());
    assertThat(node.keepsHouse()).isTrue();
  }

  /** A member that keeps nothing, under a name of ours. */
  private HazelcastInstance join(String name) {
    var there = members.settings(0);
    var settings = new HazelcastCluster.Settings(
        there.host(),
        Members.freePorts(1).getFirst(),
        0,
        0,
        List.of(there.host() + ":" + there.port()),
        "",
        1,
        0,
        there.name(),
        ClusterTls.OFF);
    var config = HazelcastCluster.config(settings, name, Tally.types(), List.of());
    return Hazelcast.newHazelcastInstance(config.setLiteMember(true));
  }
}
