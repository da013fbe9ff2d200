package chat.parley.room;

import static chat.parley.room.Samples.append;
import static chat.parley.room.Samples.copy;
import static chat.parley.room.Samples.ids;
import static chat.parley.room.Samples.room;
import static chat.parley.room.Samples.written;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import chat.parley.protocol.Position;
import chat.parley.room.RetentionRules.Rule;
import chat.parley.room.Samples.Cell;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationsTest {
  private static final Retention SMALL = new Retention(2, 60_000, 10);
  private final Cell cell = new Cell(null);

  private RoomState here() {
    return requireNonNull(cell.room);
  }

  @Test
  void watching_makes_the_room_and_says_where_it_stands() {
    var head = new Watch("n1", "e1").apply(cell);

    assertThat(head.epoch()).isEqualTo("e1");
    assertThat(head.seq()).isZero();
    assertThat(head.hears("n1")).isTrue();
  }

  @Test
  void watching_twice_changes_nothing_the_second_time() {
    new Watch("n1", "e1").apply(cell);
    var head = new Watch("n1", "e2").apply(cell);

    assertThat(head.epoch()).isEqualTo("e1");
    assertThat(head.audience()).containsExactly("n1");
    assertThat(cell.puts).isEqualTo(1);
  }

  @Test
  void the_last_to_leave_an_empty_room_takes_it_away() {
    new Watch("n1", "e1").apply(cell);
    new Watch("n2", "e1").apply(cell);

    new Unwatch("n1").apply(cell);
    assertThat(here().audience()).containsExactly("n2");
    new Unwatch("n2").apply(cell);
    assertThat(cell.room).isNull();
    assertThat(new Unwatch("n2").apply(cell)).isEqualTo(Head.ABSENT);
  }

  @Test
  void a_room_with_a_history_outlives_its_audience() {
    append(1_000, Samples.PLENTY, "a").apply(cell);
    new Watch("n1", "e1").apply(cell);
    new Unwatch("n1").apply(cell);

    assertThat(ids(here())).containsExactly("a");
  }

  @Test
  void an_append_names_who_listens_and_forgets_the_dead() {
    new Watch("n1", "e1").apply(cell);
    new Watch("n2", "e1").apply(cell);

    var answer =
        new Append("e9", 1_000, Samples.PLENTY, Samples.drafts("a"), List.of("n1")).apply(cell);

    assertThat(answer.audience()).containsExactly("n2");
    assertThat(answer.epoch()).isEqualTo("e1");
  }

  @Test
  void a_repeated_append_answers_the_same_positions() {
    var append = append(1_000, Samples.PLENTY, "a", "b");
    var first = append.apply(cell);
    var again = append.apply(cell);

    assertThat(again.outcomes()).allMatch(Append.Outcome::duplicate);
    assertThat(again.outcomes().stream().map(Append.Outcome::seq))
        .isEqualTo(first.outcomes().stream().map(Append.Outcome::seq).toList());
    assertThat(here().head()).isEqualTo(2);
  }

  @Test
  void a_look_at_what_is_not_there_makes_nothing() {
    assertThat(new Look().apply(cell)).isEqualTo(Head.ABSENT);
    assertThat(Read.last(10).apply(cell).epoch()).isEmpty();
    assertThat(cell.room).isNull();
  }

  @Test
  void looks_are_read_only() {
    assertThat(List.of(new Look(), Read.last(1))).allMatch(Look -> Look.readOnly());
    assertThat(new Watch("n1", "e1").readOnly()).isFalse();
  }

  @Test
  void housekeeping_trims_by_the_rooms_own_rule() {
    append(1_000, Samples.PLENTY, "a", "b", "c").apply(cell);
    var rules = new RetentionRules(Samples.PLENTY, List.of(new Rule("lob*", SMALL)));

    new Expire(2_000, rules, List.of()).apply(cell);

    assertThat(ids(here())).containsExactly("b", "c");
  }

  @Test
  void housekeeping_leaves_alone_what_needs_nothing() {
    append(1_000, Samples.PLENTY, "a").apply(cell);
    new Expire(2_000, new RetentionRules(Samples.PLENTY, List.of()), List.of("n1")).apply(cell);

    assertThat(cell.puts).isEqualTo(1);
  }

  @Test
  void housekeeping_takes_away_what_nobody_needs_any_more() {
    append(1_000, SMALL, "a").apply(cell);
    new Watch("n1", "e1").apply(cell);
    var later = 1_001 + Retention.DEDUPE_WINDOW.toMillis();
    var rules = new RetentionRules(SMALL, List.of());

    new Expire(later, rules, List.of()).apply(cell);
    assertThat(cell.room).as("somebody listens").isNotNull();
    new Expire(later, rules, List.of("n1")).apply(cell);
    assertThat(cell.room).isNull();
  }

  @Test
  void the_first_rule_that_fits_a_room_holds() {
    var rules = new RetentionRules(
        Samples.PLENTY,
        List.of(new Rule("team-a", SMALL), new Rule("team-*", new Retention(7, 1, 7))));

    assertThat(rules.of("team-a")).isEqualTo(SMALL);
    assertThat(rules.of("team-b").size()).isEqualTo(7);
    assertThat(rules.of("lobby")).isEqualTo(Samples.PLENTY);
  }

  @Test
  void a_page_ahead_goes_on_right_after_the_position() {
    cell.room = room("e1", "a", "b", "c", "d");

    assertPage(Read.after(1, 2).apply(cell), true, 1, true, "b", "c");
    assertPage(Read.after(3, 2).apply(cell), true, 3, false, "d");
    assertPage(Read.after(4, 2).apply(cell), true, 4, false);
    assertPage(Read.after(9, 2).apply(cell), false, 4, false);
    assertPage(Read.resume(new Position("e1", 2), 9).apply(cell), true, 2, false, "c", "d");
    assertPage(Read.resume(new Position("e0", 2), 9).apply(cell), false, 4, false);
  }

  @Test
  void a_page_ahead_of_what_was_trimmed_says_that_there_is_a_hole() {
    cell.room = room("e1", "a", "b", "c", "d");
    cell.room.trim(SMALL, 1_000);

    assertPage(Read.after(0, 9).apply(cell), false, 2, false, "c", "d");
    assertPage(Read.after(2, 9).apply(cell), true, 2, false, "c", "d");
  }

  @Test
  void a_page_back_ends_before_the_position() {
    cell.room = room("e1", "a", "b", "c", "d");

    assertPage(Read.before(3, 1).apply(cell), true, 1, true, "b");
    assertPage(Read.before(3, 9).apply(cell), true, 0, false, "a", "b");
    assertPage(Read.before(1, 9).apply(cell), true, 0, false);
    assertPage(Read.before(99, 2).apply(cell), true, 2, true, "c", "d");
    assertPage(Read.last(3).apply(cell), true, 1, true, "b", "c", "d");
    assertPage(Read.last(0).apply(cell), true, 4, false);
  }

  @Test
  void a_page_back_stops_where_the_log_was_trimmed() {
    cell.room = room("e1", "a", "b", "c", "d");
    cell.room.trim(SMALL, 1_000);

    assertPage(Read.before(4, 9).apply(cell), true, 2, false, "c");
    assertPage(Read.before(2, 9).apply(cell), true, 1, false);
  }

  private static void assertPage(
      Page page, boolean continuous, long start, boolean more, String... ids) {
    assertThat(page.entries().stream().map(LogEntry::id)).containsExactly(ids);
    assertThat(page.start()).isEqualTo(start);
    assertThat(page.continuous()).isEqualTo(continuous);
    assertThat(page.more()).isEqualTo(more);
    assertThat(page.end()).isEqualTo(start + ids.length);
  }

  @Test
  void a_page_is_bounded_in_bytes_and_holds_one_message_at_least() {
    var room = new RoomState("e1");
    IntStream.range(0, 10)
        .forEach(i -> room.accept(
            new LogEntry.Draft("ann", null, "m" + i, new byte[Read.PAGE_BYTES / 3]), 1_000));
    room.accept(new LogEntry.Draft("ann", null, "big", new byte[Read.PAGE_BYTES * 2]), 1_000);
    cell.room = room;

    assertPage(Read.after(0, 99).apply(cell), true, 0, true, "m0", "m1");
    assertPage(Read.after(10, 99).apply(cell), true, 10, false, "big");
    assertPage(Read.before(11, 99).apply(cell), true, 8, true, "m8", "m9");
    assertPage(Read.last(99).apply(cell), true, 10, true, "big");
  }

  static Stream<Wire> samples() {
    var random = new Random(5);
    var cell = new Cell(room("e1", "a", "b"));
    return IntStream.range(0, 300).boxed().flatMap(i -> {
      var operation = OperationSamples.any(random, i * 1_000L);
      return Stream.<Wire>of(operation, operation.apply(cell));
    });
  }

  @ParameterizedTest
  @MethodSource("types")
  void every_form_reads_what_it_wrote(WireTypes.Type<?> type) {
    var found = samples().filter(type.type()::isInstance).limit(40).toList();

    if (type.type() != RoomState.class) {
      assertThat(found).isNotEmpty();
    }
    found.forEach(sample -> assertThat(written(copy(sample, type.reader()::read)))
        .as("%s", sample)
        .isEqualTo(written(sample)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_form_of_a_newer_version_is_refused(WireTypes.Type<?> type) {
    var newer = new java.io.DataInputStream(new java.io.ByteArrayInputStream(new byte[] {2, 0, 0}));

    assertThatThrownBy(() -> type.reader().read(newer))
        .isInstanceOf(java.io.IOException.class)
        .hasMessageContaining("form 2");
  }

  static Iterable<WireTypes.Type<?>> types() {
    var types = new WireTypes();
    RoomTypes.register(types);
    return types.all();
  }
}
