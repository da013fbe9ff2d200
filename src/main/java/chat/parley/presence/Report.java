package chat.parley.presence;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of its own sessions in a room, many at a time. Saying the same again changes nothing, so a report whose answer is lost is repeated.
 * Immutable.
 *
 * @param epoch the epoch's name if the room has to be made
 * @param known the version up to which the node has heard of everything; below zero: of nothing
 * @param here seats that are taken
 * @param gone sessions that have none any more
 */
record Report(String node, String epoch, long known, List<Seat> here, List<String> gone)
    implements Operation<PresenceState, Report.Reported> {
  static final int FORM = 1;

  @Override
  public Reported apply(Slot<PresenceState> slot) {
    var present = slot.get();
    if (present == null && here.isEmpty()) {
      return new Reported("", 0, 0, List.of(), null);
    }
    var room = present == null ? new PresenceState(epoch) : present;
    // Until it has a seat a node is told nothing, so it may have missed something.
    boolean newcomer = room.seating().tally(node).seats() == 0;
    long from = room.version();
    if (room.report(node, here, gone)) {
      if (room.seating().isEmpty()) {
        slot.remove();
      } else {
        slot.put(room);
      }
    }
    return new Reported(
        room.epoch(),
        from,
        room.version(),
        Arrays.asList(room.seating().nodes()),
        newcomer && known != from ? Seats.of(room) : null);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
    out.writeUTF(epoch);
    out.writeLong(known);
    Form.writeSeats(out, here);
    Form.writeNames(out, gone);
  }

  static Report read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a report");
    return new Report(
        in.readUTF(), in.readUTF(), in.readLong(), Form.readSeats(in), Form.readNames(in));
  }

  /**
   * What became of it. Immutable.
   *
   * @param from the version before
   * @param to the version after; the same: nothing changed
   * @param nodes who has seats there now
   * @param all everything, for a node that may have missed something
   */
  record Reported(
      String epoch,
      long from,
      long to,
      List<String> nodes,
      @Nullable Seats all) implements Wire {
    static final int FORM = 1;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeUTF(epoch);
      out.writeLong(from);
      out.writeLong(to);
      Form.writeNames(out, nodes);
      out.writeBoolean(all != null);
      if (all != null) {
        all.writeFields(out);
      }
    }

    static Reported read(DataInput in) throws IOException {
      Wire.form(in, FORM, "a report's answer");
      return new Reported(
          in.readUTF(),
          in.readLong(),
          in.readLong(),
          Form.readNames(in),
          in.readBoolean() ? Seats.readFields(in) : null);
    }
  }
}
