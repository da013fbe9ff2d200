package chat.parley.room;

import static chat.parley.room.Samples.append;
import static chat.parley.room.Samples.copy;
import static chat.parley.room.Samples.draft;
import static chat.parley.room.Samples.ids;
import static chat.parley.room.Samples.room;
import static chat.parley.room.Samples.written;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.room.Append.Outcome;
import chat.parley.room.Samples.Cell;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomStateTest {
  private static final long WINDOW = Retention.DEDUPE_WINDOW.toMillis();
  private final Cell cell = new Cell(null);

  private RoomState here() {
    return requireNonNull(cell.room);
  }

  @Test
  void messages_get_the_positions_one_two_three() {
    var answer = append(1_000, Samples.PLENTY, "a", "b", "c").apply(cell);

    assertThat(answer.epoch()).isEqualTo("e1");
    assertThat(answer.outcomes())
        .containsExactly(
            new Outcome(1, 1_000, false),
            new Outcome(2, 1_000, false),
            new Outcome(3, 1_000, false));
    assertThat(ids(here())).containsExactly("a", "b", "c");
  }

  @Test
  void a_repeated_id_keeps_its_first_position_and_time_inside_a_batch_too() {
    append(1_000, Samples.PLENTY, "a").apply(cell);

    var answer = append(2_000, Samples.PLENTY, "b", "a", "b").apply(cell);

    assertThat(answer.outcomes())
        .containsExactly(
            new Outcome(2, 2_000, false), new Outcome(1, 1_000, true), new Outcome(2, 2_000, true));
    assertThat(ids(here())).containsExactly("a", "b");
  }

  @Test
  void the_same_id_of_two_users_is_two_messages() {
    here(append(1_000, Samples.PLENTY, "a"));
    var bob = new LogEntry.Draft("bob", null, "a", Samples.bytes("1"));

    var answer = new Append("e1", 1_000, Samples.PLENTY, List.of(bob), List.of()).apply(cell);

    assertThat(answer.outcomes()).containsExactly(new Outcome(2, 1_000, false));
  }

  private void here(Append operation) {
    operation.apply(cell);
  }

  @Test
  void an_id_is_remembered_though_its_message_was_trimmed() {
    var keep = new Retention(2, 86_400_000, 1_000);
    here(append(1_000, keep, "a", "b", "c", "d"));

    assertThat(ids(here())).containsExactly("c", "d");
    assertThat(append(2_000, keep, "a").apply(cell).outcomes())
        .containsExactly(new Outcome(1, 1_000, true));
  }

  @Test
  void an_id_is_forgotten_once_its_message_is_gone_and_the_window_has_passed() {
    var keep = new Retention(1, 86_400_000, 1_000);
    here(append(1_000, keep, "a", "b"));
    here(append(1_000 + WINDOW + 1, keep, "c"));

    assertThat(here().known(draft("a").key())).isNull();
    assertThat(append(1_000 + WINDOW + 2, keep, "a").apply(cell).outcomes())
        .containsExactly(new Outcome(4, 1_000 + WINDOW + 2, false));
  }

  @Test
  void no_more_ids_are_remembered_than_allowed() {
    var keep = new Retention(2, 86_400_000, 3);
    here(append(1_000, keep, "a", "b", "c", "d", "e"));

    assertThat(here().known(draft("b").key())).isNull();
    assertThat(here().known(draft("c").key())).isNotNull();
  }

  @Test
  void old_messages_go_by_age() {
    var keep = new Retention(100, 60_000, 100);
    here(append(1_000, keep, "a"));
    here(append(50_000, keep, "b"));
    here(append(61_001, keep, "c"));

    assertThat(ids(here())).containsExactly("b", "c");
    assertThat(here().first()).isEqualTo(2);
  }

  @Test
  void the_rooms_time_never_runs_backwards() {
    here(append(5_000, Samples.PLENTY, "a"));

    assertThat(append(4_000, Samples.PLENTY, "b").apply(cell).outcomes())
        .containsExactly(new Outcome(2, 5_000, false));
  }

  @Test
  void who_has_something_of_this_numbering_goes_on_right_after_it() {
    var room = room("e1", "a", "b", "c");

    assertThat(room.resume(new Position("e1", 0))).isEqualTo(0);
    assertThat(room.resume(new Position("e1", 2))).isEqualTo(2);
    assertThat(room.resume(new Position("e1", 3))).isEqualTo(3);
    assertThat(room.resume(new Position("e1", 4))).as("ahead of the log").isEqualTo(-1);
    assertThat(room.resume(new Position("e0", 2))).as("of another log").isEqualTo(-1);
  }

  @Test
  void who_missed_a_trimmed_message_can_not_go_on() {
    var room = room("e1", "a", "b", "c", "d");
    room.trim(new Retention(2, 86_400_000, 100), 1_000);

    assertThat(room.resume(new Position("e1", 1))).isEqualTo(-1);
    assertThat(room.resume(new Position("e1", 2))).isEqualTo(2);
  }

  @Test
  void a_room_survives_its_binary_form() {
    var room = room("e1", "a", "b", "c", "d");
    room.hear("n1");
    room.hear("n2");
    room.trim(new Retention(2, 86_400_000, 3), 1_000);
    room.merge(room("e2", "x"));

    var read = copy(room);

    assertThat(written(read)).isEqualTo(written(room));
    assertThat(ids(read)).containsExactly("c", "d", "x");
    assertThat(read.audience()).containsExactly("n1", "n2");
    assertThat(read.resume(new Position("e1", 2))).isEqualTo(2);
    assertThat(read.known(draft("b").key())).isEqualTo(room.known(draft("b").key()));
  }

  @Test
  void a_room_that_holds_nothing_is_idle() {
    var room = room("e1", "a");
    room.hear("n1");
    assertThat(room.idle()).isFalse();
    room.forget(List.of("n1"));
    assertThat(room.idle()).isFalse();
    room.trim(new Retention(100, 1_000, 100), 1_000 + WINDOW);
    assertThat(room.idle()).as("its id is still remembered").isFalse();
    room.trim(new Retention(100, 1_000, 100), 1_001 + WINDOW);
    assertThat(room.idle()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void owner_and_backup_that_run_the_same_operations_stay_alike(long seed) {
    var random = new Random(seed);
    var backup = new Cell(null);
    for (int i = 0; i < 500; i++) {
      var operation = OperationSamples.any(random, i * 1_000L);
      var answer = operation.apply(cell);

      assertThat(written(operation.apply(backup))).as("seed %d", seed).isEqualTo(written(answer));
      assertThat(written(backup)).as("seed %d", seed).isEqualTo(written(cell));
      if (backup.room != null && random.nextInt(20) == 0) {
        backup.room = copy(backup.room); // it moved to another member
      }
    }
  }

  private static byte[] written(Cell cell) {
    return cell.room == null ? new byte[0] : Samples.written(cell.room);
  }

  private static byte[] written(chat.parley.cluster.Wire value) {
    return Samples.written(value);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void trimming_and_growing_keep_positions_without_a_hole(long seed) {
    var random = new Random(seed);
    int said = 0;
    for (int i = 0; i < 300; i++) {
      var keep = new Retention(1 + random.nextInt(40), Duration.ofHours(1).toMillis(), 50);
      var ids = IntStream.range(said, said + random.nextInt(20))
          .mapToObj(n -> "m" + n)
          .toArray(String[]::new);
      said += ids.length;
      here(append(1_000, keep, ids));

      var kept = here().after(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
      assertThat(here().head()).isEqualTo(said);
      assertThat(kept).hasSizeLessThanOrEqualTo(keep.size());
      assertThat(kept.stream().map(entry -> "m" + (entry.seq() - 1)).toList())
          .as("seed %d", seed)
          .isEqualTo(kept.stream().map(LogEntry::id).toList())
          .hasSize((int) (said - here().first() + 1));
    }
  }
}
