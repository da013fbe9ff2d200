package chat.parley.room;

import static chat.parley.room.Samples.copy;
import static chat.parley.room.Samples.draft;
import static chat.parley.room.Samples.ids;
import static chat.parley.room.Samples.room;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.room.Samples.Cell;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two halves of a parted cluster have gone on in the same room, and become one again. */
class UnitingTest {
  private static RoomState and(RoomState room, String... more) {
    for (var id : more) {
      room.accept(draft(id), 2_000);
    }
    return room;
  }

  @Test
  void what_only_the_other_half_accepted_comes_after_this_halfs_own() {
    var room = and(room("e1", "a", "b"), "c", "d").merge(and(room("e1", "a", "b"), "x", "y"));

    assertThat(ids(room)).containsExactly("a", "b", "c", "d", "x", "y");
    assertThat(room.head()).isEqualTo(6);
    assertThat(room.epoch()).isNotEqualTo("e1");
  }

  @Test
  void where_only_one_half_went_on_its_numbering_serves_both() {
    var onlyThis = and(room("e1", "a"), "b").merge(room("e1", "a"));
    var onlyOther = room("e1", "a").merge(and(room("e1", "a"), "b"));
    var neither = room("e1", "a").merge(room("e1", "a"));

    assertThat(List.of(onlyThis.epoch(), onlyOther.epoch(), neither.epoch())).containsOnly("e1");
    assertThat(ids(onlyOther)).containsExactly("a", "b");
    assertThat(onlyOther.resume(new Position("e1", 2))).isEqualTo(2);
  }

  @Test
  void members_of_both_halves_go_on_where_the_halves_parted() {
    var room = and(room("e1", "a", "b"), "c", "d").merge(and(room("e1", "a", "b"), "x"));

    assertThat(room.resume(new Position("e1", 4))).as("this half's").isEqualTo(2);
    assertThat(room.resume(new Position("e1", 3))).as("either's").isEqualTo(2);
    assertThat(room.resume(new Position("e1", 1))).as("before they parted").isEqualTo(1);
    assertThat(room.resume(new Position(room.epoch(), 5))).as("the new one").isEqualTo(5);
  }

  @Test
  void rooms_that_were_made_on_both_sides_are_united_too() {
    var room = room("e1", "a").merge(room("e2", "x", "a"));

    assertThat(ids(room)).containsExactly("a", "x");
    assertThat(room.resume(new Position("e1", 1))).isEqualTo(1);
    assertThat(room.resume(new Position("e2", 2))).isEqualTo(0);
  }

  @Test
  void what_was_said_to_both_halves_is_there_once_wherever_it_stood() {
    var room = and(room("e1", "a"), "b", "same").merge(and(room("e1", "a"), "x", "same", "y"));

    assertThat(ids(room)).containsExactly("a", "b", "same", "x", "y");
  }

  /** The halves held the same message at the same position again after they had parted, and one's message before it was lost. */
  @Test
  void a_message_before_a_chance_meeting_of_the_halves_is_not_lost() {
    var room = and(room("e1", "a"), "b", "same").merge(and(room("e1", "a"), "x", "same"));

    assertThat(ids(room)).containsExactly("a", "b", "same", "x");
  }

  @Test
  void uniting_twice_doubles_nothing() {
    var other = and(room("e1", "a"), "x", "y");
    var room = and(room("e1", "a"), "b").merge(copy(other));
    var once = ids(room);

    assertThat(ids(room.merge(copy(other)))).isEqualTo(once);
  }

  @Test
  void a_repeat_after_uniting_is_known_though_the_other_half_had_accepted_it() {
    var other = and(room("e1", "a"), "x", "y");
    other.trim(new Retention(1, 86_400_000, 100), 2_000);
    var room = and(room("e1", "a"), "b").merge(other);

    assertThat(room.known(draft("x").key())).as("trimmed there").isNotNull();
    assertThat(room.known(draft("y").key())).isEqualTo(new RoomState.Accepted(3, 2_000));
  }

  @Test
  void both_halves_nodes_are_told_afterwards() {
    var one = room("e1", "a");
    one.hear("n1");
    var other = room("e1", "a");
    other.hear("n1");
    other.hear("n2");

    assertThat(one.merge(other).audience()).containsExactly("n1", "n2");
  }

  @Test
  void the_new_numbering_has_the_same_name_whoever_computes_it() {
    var one = and(room("e1", "a"), "b");
    var other = and(room("e1", "a"), "x");

    assertThat(copy(one).merge(copy(other)).epoch()).isEqualTo(one.merge(other).epoch());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nothing_that_either_half_accepted_is_missing_and_each_is_there_once(long seed) {
    var random = new Random(seed);
    var room = new RoomState("e0");
    var accepted = new LinkedHashSet<String>();
    said(random, room, accepted, random.nextInt(10));
    for (int split = 0; split < 12; split++) {
      var other = copy(room);
      var before = ids(room);
      said(random, room, accepted, random.nextInt(8));
      said(random, other, accepted, random.nextInt(8));
      var mine = ids(room);
      room = room.merge(copy(other));

      assertThat(ids(room))
          .as("seed %d", seed)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(accepted)
          .startsWith(mine.toArray(String[]::new));
      var reader = new Position(other.epoch(), before.size() + random.nextInt(4));
      assertThat(room.resume(reader))
          .as("seed %d: a reader of the other half", seed)
          .isBetween(-1L, room.epoch().equals(other.epoch()) ? reader.seq() : before.size());
    }
  }

  @Test
  void a_third_part_that_went_on_alone_is_united_where_it_parted_from_the_others() {
    var third = and(room("e1", "a", "b"), "r");
    var room = and(room("e1", "a", "b"), "c").merge(and(room("e1", "a", "b"), "x"));
    var united = room.epoch();
    room.merge(third);

    assertThat(ids(room)).containsExactly("a", "b", "c", "x", "r");
    assertThat(room.resume(new Position("e1", 3))).as("of any part").isEqualTo(2);
    assertThat(room.resume(new Position(united, 4))).as("of the first two").isEqualTo(4);
  }

  @Test
  void a_third_part_that_said_nothing_meanwhile_changes_no_numbering() {
    var quiet = room("e1", "a", "b");
    var room = and(room("e1", "a", "b"), "c").merge(and(room("e1", "a", "b"), "x"));
    var united = room.epoch();

    assertThat(copy(room).merge(copy(quiet)).epoch()).isEqualTo(united);
    var other = quiet.merge(copy(room));
    assertThat(other.epoch()).as("whichever of them goes on").isEqualTo(united);
    assertThat(ids(other)).isEqualTo(ids(room));
    assertThat(other.resume(new Position("e1", 3))).isEqualTo(2);
  }

  /** A member that was somewhere before the parts met: what it has seen, and where it was. */
  private record Away(Position at, Set<String> seen) {
    static Away from(RoomState part) {
      return new Away(new Position(part.epoch(), part.head()), Set.copyOf(ids(part)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void three_parts_that_meet_one_after_the_other_lose_nothing_and_skip_nobodys_messages(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var accepted = new LinkedHashSet<String>();
      var away = new ArrayList<Away>();
      var room = new RoomState("e0");
      said(random, room, accepted, random.nextInt(6));
      var parts = new ArrayList<>(List.of(room, copy(room), copy(room)));
      while (parts.size() > 1) {
        for (var part : parts) {
          away.add(Away.from(part));
          said(random, part, accepted, random.nextInt(4));
          away.add(Away.from(part));
        }
        var one = parts.remove(random.nextInt(parts.size()));
        var other = parts.remove(random.nextInt(parts.size()));
        parts.add(one.merge(copy(other)));
      }
      var whole = parts.getFirst();
      var ids = ids(whole);

      assertThat(ids)
          .as("seed %d, round %d", seed, round)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(accepted);
      for (var member : away) {
        long from = whole.resume(member.at());
        assertThat(from).as("seed %d, round %d: %s", seed, round, member).isNotNegative();
        assertThat(member.seen())
            .as("seed %d, round %d: it is not told again of these", seed, round)
            .containsAll(ids.subList(0, (int) from));
      }
    }
  }

  private static void said(Random random, RoomState room, Set<String> accepted, int messages) {
    var cell = new Cell(room);
    for (int i = 0; i < messages; i++) {
      var id = "m" + random.nextInt(10_000);
      if (random.nextInt(5) == 0 && !accepted.isEmpty()) {
        id = new ArrayList<>(accepted).get(random.nextInt(accepted.size())); // said again
      }
      Samples.append(1_000, Samples.PLENTY, id).apply(cell);
      accepted.add(id);
    }
  }
}
