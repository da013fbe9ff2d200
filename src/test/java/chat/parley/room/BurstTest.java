package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstTest {
  private final List<String> heard = new ArrayList<>();

  private static Burst of(Line... lines) {
    var burst = new Burst();
    List.of(lines).forEach(burst::add);
    return burst;
  }

  private static Line line(String text, @org.jspecify.annotations.Nullable Subscriber notTo) {
    return new Line(Samples.bytes(text), notTo);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "1, 8101",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void a_frame_begins_with_the_length_that_rfc_6455_wants(int length, String head) {
    var out = Unpooled.buffer();
    WebSocketText.append(out, new byte[length]);

    assertThat(ByteBufUtil.hexDump(out, 0, head.length() / 2)).isEqualTo(head);
    assertThat(out.readableBytes()).isEqualTo(head.length() / 2 + length);
  }

  @Test
  void all_lines_are_frames_one_after_the_other() {
    var seen = new ArrayList<String>();
    of(line("ab", null), line("c", null))
        .deliverTo(
            List.of(new Sink(burst -> seen.add(ByteBufUtil.hexDump(burst.webSocketFrames())))));

    assertThat(seen).containsExactly("81026162810163");
  }

  @Test
  void frames_are_encoded_once_for_all_and_given_back_in_the_end() {
    var buffers = new ArrayList<ByteBuf>();
    Subscriber one = new Sink(burst -> buffers.add(burst.webSocketFrames()));
    Subscriber other = new Sink(burst -> buffers.add(burst.webSocketFrames()));
    of(line("ab", null)).deliverTo(List.of(one, other));

    assertThat(buffers).hasSize(2);
    assertThat(buffers.getFirst()).isSameAs(buffers.getLast());
    assertThat(buffers.getFirst().refCnt()).isZero();
  }

  @Test
  void frames_are_given_back_though_a_member_fails() {
    var buffers = new ArrayList<ByteBuf>();
    var burst = of(line("ab", null));
    Subscriber broken = new Sink(it -> {
      buffers.add(it.webSocketFrames());
      throw new IllegalStateException("broken");
    });

    assertThatThrownBy(() -> burst.deliverTo(List.of(broken))).hasMessage("broken");
    assertThat(buffers.getFirst().refCnt()).isZero();
  }

  @Test
  void a_member_is_spared_its_own_echo_and_gets_the_rest() {
    Subscriber ann = new Quiet(text -> heard.add("ann " + text));
    Subscriber bob = new Quiet(text -> heard.add("bob " + text));
    of(line("1", ann), line("2", null), line("3", bob)).deliverTo(List.of(ann, bob));

    assertThat(heard).containsExactly("ann 2", "ann 3", "bob 1", "bob 2");
  }

  @Test
  void a_member_that_is_spared_everything_hears_nothing() {
    Subscriber ann = new Quiet(text -> heard.add(text));
    of(line("1", ann)).deliverTo(List.of(ann));

    assertThat(heard).isEmpty();
  }

  @Test
  void a_burst_knows_its_size() {
    var burst = of(line("abc", null), line("de", null));

    assertThat(burst.size()).isEqualTo(2);
    assertThat(burst.bytes()).isEqualTo(5);
    assertThat(burst.isEmpty()).isFalse();
    assertThat(new Burst().isEmpty()).isTrue();
  }

  private record Sink(Consumer<Burst> bursts) implements Subscriber {
    @Override
    public void deliver(Burst burst) {
      bursts.accept(burst);
    }

    @Override
    public void renumbered(String room, Joined joined) {}

    @Override
    public Future<Void> ready() {
      return Future.succeededFuture();
    }
  }
}
