package chat.parley.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Things that are to be looked at again and again, each after a time it names itself: one timer for however many. A turn of the wheel costs as much as there is to be
 * looked at, not as much as there is. Confined to its event loop.
 */
final class Wheel<T> {
  private static final Duration LONGEST_TICK = Duration.ofMillis(100);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(20);
  private static final int TICKS = 50;

  /** A thing's place on the wheel. */
  final class Seat {
    private @Nullable T thing;

    private Seat(T thing) {
      this.thing = thing;
    }

    /** It is not looked at any more. */
    void leave() {
      thing = null;
    }
  }

  private final long tick;
  private final List<List<Seat>> slots;
  private final ToLongFunction<T> look;
  private int now;

  /**
   * Makes one.
   *
   * @param longest the longest time that a thing may name
   * @param look looks at a thing; returns the nanoseconds until the next time, or less than 0 for never again
   */
  Wheel(Duration longest, ToLongFunction<T> look) {
    this.tick =
        Math.clamp(longest.toNanos() / TICKS, SHORTEST_TICK.toNanos(), LONGEST_TICK.toNanos());
    this.look = look;
    this.slots = Stream.<List<Seat>>generate(ArrayList::new)
        .limit(longest.toNanos() / tick + 3)
        .toList();
  }

  /** How often {@link #turn} is to be called. */
  Duration tick() {
    return Duration.ofNanos(tick);
  }

  /** Has the thing looked at after that time. */
  Seat add(T thing, long nanos) {
    var seat = new Seat(thing);
    place(seat, nanos);
    return seat;
  }

  private void place(Seat seat, long nanos) {
    long ticks = Math.clamp((nanos + tick - 1) / tick, 1, slots.size() - 1);
    slots.get((int) ((now + ticks) % slots.size())).add(seat);
  }

  /** The next tick: looks at what is due. */
  void turn() {
    now = (now + 1) % slots.size();
    var due = List.copyOf(slots.get(now));
    slots.get(now).clear();
    for (var seat : due) {
      var thing = seat.thing;
      long next = thing == null ? -1 : look.applyAsLong(thing);
      if (next >= 0) {
        place(seat, next);
      }
    }
  }
}
