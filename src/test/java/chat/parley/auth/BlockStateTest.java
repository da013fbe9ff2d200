package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cluster's list of what is blocked: what a node that asks hears of it, whatever happened meanwhile. */
class BlockStateTest {
  private static final long NOW = 1_000_000_000;
  private static final long LATER = NOW + 3_600_000;

  private final BlockState state = new BlockState();

  private static Block block(String key, long at, long until) {
    return new Block(key, at, until, 0);
  }

  private static List<String> keys(BlockNews.Answer answer) {
    return answer.blocks().stream().map(Block::key).toList();
  }

  @Test
  void who_asks_hears_what_is_new_and_nothing_twice() {
    state.add(List.of(block("a", NOW, LATER), block("b", NOW, LATER)), NOW);
    var first = state.since(0);
    assertThat(keys(first)).containsExactly("a", "b");
    state.add(List.of(block("a", NOW, LATER)), NOW);
    assertThat(keys(state.since(first.version()))).isEmpty();
    state.add(List.of(block("a", NOW + 1, 0)), NOW);
    var lifted = state.since(first.version()).blocks();
    assertThat(lifted).singleElement().matches(one -> !one.holds(NOW + 1));
  }

  @Test
  void an_older_word_does_not_undo_a_newer_one() {
    state.add(List.of(block("a", NOW + 5, 0)), NOW + 5);
    state.add(List.of(block("a", NOW, LATER)), NOW + 6);
    assertThat(state.since(0).blocks()).singleElement().matches(one -> !one.holds(NOW + 6));
  }

  @Test
  void who_may_have_missed_an_end_hears_everything() {
    state.add(List.of(block("a", NOW, NOW + 1), block("b", NOW, LATER)), NOW);
    long heard = state.since(0).version();
    state.add(List.of(block("c", NOW + 700_000, LATER)), NOW + 700_000);
    assertThat(state.since(heard).whole()).isFalse();
    assertThat(keys(state.since(heard))).containsExactly("c");
    var old = state.since(0);
    assertThat(old.whole()).isTrue();
    assertThat(keys(old)).containsExactly("b", "c");
  }

  @Test
  void halves_that_meet_again_keep_the_words_of_both_and_tell_everybody() throws IOException {
    state.add(List.of(block("a", NOW, LATER), block("both", NOW, LATER)), NOW);
    var other = new BlockState();
    for (int i = 0; i < 5; i++) {
      other.add(List.of(block("b" + i, NOW, LATER), block("both", NOW + i, 0)), NOW);
    }
    var merged = copy(state).merge(copy(other));
    for (long heard : new long[] {0, state.since(0).version(), other.since(0).version()}) {
      var news = merged.since(heard);
      assertThat(news.whole()).isTrue();
      assertThat(keys(news)).containsExactlyInAnyOrder("a", "both", "b0", "b1", "b2", "b3", "b4");
      assertThat(news.blocks().stream().filter(one -> one.key().equals("both")))
          .allMatch(one -> !one.holds(NOW + 10));
    }
    assertThat(merged.since(merged.since(0).version()).blocks()).isEmpty();
  }

  @Test
  void it_is_bounded_and_says_when_it_is_full() {
    for (int i = 0; i < BlockState.MOST; i++) {
      assertThat(state.add(List.of(block("t " + i, NOW, NOW + 1)), NOW)).isTrue();
    }
    assertThat(state.add(List.of(block("one more", NOW, LATER)), NOW)).isFalse();
    assertThat(state.add(List.of(block("later", LATER, LATER + 1)), LATER)).isTrue();
  }

  private static BlockState copy(BlockState state) throws IOException {
    var bytes = new ByteArrayOutputStream();
    state.write(new DataOutputStream(bytes));
    return BlockState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
