package chat.parley.presence;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Who is in one room, as the cluster keeps it: the seats of all nodes' sessions, and a version that rises by one with each report that changed any. The
 * version belongs to an epoch, which is new if the room was made anew or two halves were united. Confined to the thread that owns the entry.
 */
final class PresenceState implements Mergeable<PresenceState> {
  static final int FORM = 1;

  /** Of two seats of one session, the one that both halves would keep. Its own node will say which is right. */
  private static final Comparator<Seat> KEPT = Comparator.comparing(Seat::state)
      .thenComparingLong(Seat::since)
      .thenComparing(Seat::node)
      .thenComparing(Seat::user)
      .thenComparing(seat -> String.valueOf(seat.name()));

  private final Seating seating = new Seating();
  private String epoch;
  private long version;

  PresenceState(String epoch) {
    this.epoch = epoch;
  }

  String epoch() {
    return epoch;
  }

  long version() {
    return version;
  }

  Seating seating() {
    return seating;
  }

  /**
   * A node says of its own sessions which are there and which are not. Saying it again changes nothing.
   *
   * @return whether anything changed
   */
  boolean report(String node, List<Seat> here, List<String> gone) {
    boolean changed = false;
    for (var seat : here) {
      changed |= !seat.equals(seating.put(seat));
    }
    for (var session : gone) {
      var seat = seating.get(session);
      if (seat != null && seat.node().equals(node)) {
        seating.remove(session);
        changed = true;
      }
    }
    version += changed ? 1 : 0;
    return changed;
  }

  /**
   * Forgets the seats of all other nodes than these. No version: who knows that a node is dead does not show its seats anyway.
   *
   * @return whether there were any
   */
  boolean retain(List<String> alive) {
    var dead = seating.of(node -> !alive.contains(node));
    dead.forEach(seat -> seating.remove(seat.session()));
    return !dead.isEmpty();
  }

  /** All seats of both halves. What was given up during the split comes back with it, until its own node, or the lack of one, takes it out. */
  @Override
  public PresenceState merge(PresenceState other) {
    if (epoch.equals(other.epoch)
        && version == other.version
        && seating.holdsSameAs(other.seating)) {
      return this;
    }
    for (var seat : other.seating.all()) {
      var own = seating.get(seat.session());
      if (own == null || KEPT.compare(seat, own) < 0) {
        seating.put(seat);
      }
    }
    epoch = united(this, other);
    version = Math.max(version, other.version) + 1;
    return this;
  }

  /** The same name whichever half computes it. */
  private static String united(PresenceState one, PresenceState other) {
    var a = one.epoch + ' ' + one.version;
    var b = other.epoch + ' ' + other.version;
    var text = a.compareTo(b) < 0 ? a + ' ' + b : b + ' ' + a;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    Seats.of(this).writeFields(out);
  }

  static PresenceState read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a room's presence");
    var kept = Seats.readFields(in);
    var state = new PresenceState(kept.epoch());
    state.version = kept.version();
    kept.seats().forEach(state.seating::put);
    return state;
  }
}
