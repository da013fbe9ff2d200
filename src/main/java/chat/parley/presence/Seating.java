package chat.parley.presence;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Seats by session, and for each node how many are its own and a sum of their digests: two seatings that agree on these agree on the node's seats.
 * Confined to whoever holds it.
 */
final class Seating {
  /** A node's share. Immutable. */
  record Tally(int seats, long digest) {
    static final Tally NONE = new Tally(0, 0);

    Tally with(Seat seat, int sign) {
      return new Tally(seats + sign, digest + sign * seat.digest());
    }
  }

  private final Map<String, Seat> seats = new HashMap<>();
  private final Map<String, Tally> tallies = new HashMap<>();

  /** Puts it in its session's place. @return what was there before; equal to the seat: nothing changed */
  @Nullable
  Seat put(Seat seat) {
    var before = seats.put(seat.session(), seat);
    if (before != null) {
      count(before, -1);
    }
    count(seat, 1);
    return before;
  }

  @Nullable
  Seat remove(String session) {
    var before = seats.remove(session);
    if (before != null) {
      count(before, -1);
    }
    return before;
  }

  private void count(Seat seat, int sign) {
    var tally = tallies.getOrDefault(seat.node(), Tally.NONE).with(seat, sign);
    if (tally.seats() == 0) {
      tallies.remove(seat.node());
    } else {
      tallies.put(seat.node(), tally);
    }
  }

  @Nullable
  Seat get(String session) {
    return seats.get(session);
  }

  Collection<Seat> all() {
    return Collections.unmodifiableCollection(seats.values());
  }

  /** The seats of nodes of a kind, as they are now. */
  Collection<Seat> of(Predicate<String> nodes) {
    return seats.values().stream().filter(seat -> nodes.test(seat.node())).toList();
  }

  /** The nodes that have seats. */
  String[] nodes() {
    return tallies.keySet().toArray(String[]::new);
  }

  Map<String, Tally> tallies() {
    return Collections.unmodifiableMap(tallies);
  }

  Tally tally(String node) {
    return tallies.getOrDefault(node, Tally.NONE);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  int size() {
    return seats.size();
  }

  boolean holdsSameAs(Seating other) {
    return seats.equals(other.seats);
  }
}
