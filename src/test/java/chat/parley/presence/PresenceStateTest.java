package chat.parley.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import chat.parley.protocol.UserState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresenceStateTest {
  private static final WireTypes TYPES = new WireTypes();

  static {
    PresenceTypes.register(TYPES);
  }

  private final Cell cell = new Cell(null);

  /** A value of the map, as an operation finds it. */
  private static final class Cell implements Operation.Slot<PresenceState> {
    private @Nullable PresenceState room;

    Cell(@Nullable PresenceState room) {
      this.room = room;
    }

    @Override
    public String key() {
      return "room";
    }

    @Override
    public @Nullable PresenceState get() {
      return room;
    }

    @Override
    public void put(PresenceState value) {
      room = value;
    }

    @Override
    public void remove() {
      room = null;
    }

    Seats seats() {
      return new ReadSeats().apply(this);
    }
  }

  static PresenceState state(Seats seats) {
    return (PresenceState) travelled(new StateOf(seats), PresenceState.class);
  }

  /** Writes what a state with these seats would write. */
  private record StateOf(Seats seats) implements Wire {
    @Override
    public void write(java.io.DataOutput out) throws IOException {
      seats.write(out);
    }
  }

  private static Wire travelled(Wire value, Class<? extends Wire> as) {
    try {
      return TYPES
          .byNumber(TYPES.numberOf(as))
          .reader()
          .read(new DataInputStream(new ByteArrayInputStream(written(value))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(Wire value) {
    var bytes = new ByteArrayOutputStream();
    try {
      value.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Seat seat(String session, String node) {
    return new Seat(session, "user of " + session, null, node, 5, UserState.ONLINE);
  }

  private static Report here(String node, String... sessions) {
    var seats = List.of(sessions).stream().map(session -> seat(session, node)).toList();
    return new Report(node, "e1", 0, seats, List.of());
  }

  private static Report gone(String node, String... sessions) {
    return new Report(node, "e1", 0, List.of(), List.of(sessions));
  }

  @Test
  void a_report_raises_the_version_by_one_and_says_who_has_to_hear_of_it() {
    here("n1", "a", "b").apply(cell);
    var answer = here("n2", "c").apply(cell);

    assertThat(answer.epoch()).isEqualTo("e1");
    assertThat(answer.from()).isEqualTo(1);
    assertThat(answer.to()).isEqualTo(2);
    assertThat(answer.nodes()).containsExactlyInAnyOrder("n1", "n2");
  }

  @Test
  void a_repeated_report_changes_nothing() {
    here("n1", "a").apply(cell);
    var answer = here("n1", "a").apply(cell);

    assertThat(answer.to()).isEqualTo(answer.from()).isEqualTo(1);
    gone("n1", "b").apply(cell);
    assertThat(cell.seats().version()).isEqualTo(1);
  }

  @Test
  void a_node_that_has_no_seat_yet_is_told_what_it_missed() {
    here("n1", "a").apply(cell);

    assertThat(here("n2", "b").apply(cell).all()).isEqualTo(cell.seats());
    assertThat(here("n2", "c").apply(cell).all()).isNull();
  }

  @Test
  void a_node_takes_away_its_own_seats_only() {
    here("n1", "a").apply(cell);
    gone("n2", "a").apply(cell);

    assertThat(cell.seats().seats()).hasSize(1);
  }

  @Test
  void an_empty_room_is_not_kept() {
    gone("n1", "a").apply(cell);
    assertThat(cell.get()).isNull();
    here("n1", "a").apply(cell);
    gone("n1", "a").apply(cell);
    assertThat(cell.get()).isNull();
  }

  @Test
  void the_dead_are_cleared_away_without_a_word() {
    here("n1", "a").apply(cell);
    here("n2", "b").apply(cell);
    new Retain(List.of("n2", "n3")).apply(cell);

    assertThat(cell.seats().version()).isEqualTo(2);
    assertThat(cell.seats().seats()).containsExactly(seat("b", "n2"));
    new Retain(List.of("n3")).apply(cell);
    assertThat(cell.get()).isNull();
  }

  @Test
  void a_form_of_a_newer_version_is_refused() {
    byte[] bytes = written(here("n1", "a"));
    bytes[0] = 9;
    assertThatThrownBy(() -> Report.read(new DataInputStream(new ByteArrayInputStream(bytes))))
        .isInstanceOf(IOException.class)
        .hasMessage("a report has form 9 (expected: 1–1)");
    assertThatThrownBy(() -> Delta.decode(new byte[] {9}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  private static PresenceState random(Random random, int reports) {
    var cell = new Cell(null);
    for (int i = 0; i < reports; i++) {
      any(random).apply(cell);
    }
    return cell.room == null ? new PresenceState("e0") : cell.room;
  }

  private static Report any(Random random) {
    var node = "n" + random.nextInt(3);
    var here = new ArrayList<Seat>();
    var gone = new ArrayList<String>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      // A session's name holds its node's: only that one reports it.
      var session = node + "-s" + random.nextInt(6);
      var seat = new Seat(
          session,
          "user" + random.nextInt(4),
          random.nextBoolean() ? "Name" : null,
          node,
          random.nextInt(100),
          random.nextBoolean() ? UserState.ONLINE : UserState.RECONNECTING);
      if (random.nextInt(3) > 0) {
        here.add(seat);
      } else {
        gone.add(session);
      }
    }
    return new Report(node, "e" + random.nextInt(9), random.nextInt(5) - 1, here, gone);
  }

  private static Set<Seat> seatsOf(PresenceState state) {
    return new HashSet<>(state.seating().all());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void uniting_gives_the_same_whichever_half_goes_on(int seed) {
    var random = new Random(seed);
    var one = random(random, random.nextInt(10));
    var other = random(random, random.nextInt(10));
    var onesCopy = state(Seats.of(one));
    var othersCopy = state(Seats.of(other));

    var united = one.merge(othersCopy);
    var reverse = other.merge(onesCopy);

    assertThat(seatsOf(united)).as("seed %d", seed).isEqualTo(seatsOf(reverse));
    assertThat(united.epoch()).isEqualTo(reverse.epoch());
    assertThat(united.version()).isEqualTo(reverse.version());
    assertThat(united.seating().tallies()).isEqualTo(reverse.seating().tallies());
    var before = seatsOf(united);
    assertThat(seatsOf(united.merge(othersCopy))).as("once more, seed %d", seed).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void uniting_with_oneself_changes_nothing(int seed) {
    var one = random(new Random(seed), 6);
    var copy = state(Seats.of(one));
    var epoch = one.epoch();

    assertThat(one.merge(copy).epoch()).isEqualTo(epoch);
    assertThat(one.version()).isEqualTo(copy.version());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_backup_that_only_hears_the_operations_has_the_same(int seed) {
    var random = new Random(seed);
    var owner = new Cell(null);
    var backup = new Cell(null);
    for (int i = 0; i < 30; i++) {
      var report = any(random);
      var answer = report.apply(owner);
      ((Report) travelled(report, Report.class)).apply(backup);
      assertThat(travelled(answer, Report.Reported.class)).isEqualTo(answer);
      assertSame(owner.seats(), backup.seats());
      var mark = new Glance().apply(owner);
      assertThat(travelled(mark, Mark.class)).isEqualTo(mark);
      assertThat(new Glance().apply(backup)).isEqualTo(mark);
      assertThat(travelled(new Glance(), Glance.class)).isEqualTo(new Glance());
      assertThat(travelled(new ReadSeats(), ReadSeats.class)).isEqualTo(new ReadSeats());
      var delta =
          new Delta(answer.epoch(), answer.from(), answer.to(), report.here(), report.gone());
      assertThat(Delta.decode(delta.encode())).isEqualTo(delta);
    }
    var retain = new Retain(List.of("n1", "n2"));
    assertThat(travelled(retain, Retain.class)).isEqualTo(retain);
  }

  private static void assertSame(Seats one, Seats other) {
    assertThat(other.epoch()).isEqualTo(one.epoch());
    assertThat(other.version()).isEqualTo(one.version());
    assertThat(other.seats()).containsExactlyInAnyOrderElementsOf(one.seats());
  }
}
