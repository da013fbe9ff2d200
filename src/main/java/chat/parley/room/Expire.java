package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Housekeeping at one room: old messages and ids go, dead nodes too, and a room that holds nothing any more is removed. Immutable.
 *
 * @param now the clock of the node that keeps house, ms since 1970
 * @param rules how much of which room is kept
 * @param gone nodes known to be dead
 */
record Expire(long now, RetentionRules rules, List<String> gone)
    implements Operation<RoomState, Head> {
  static final int FORM = 1;

  @Override
  public Head apply(Slot<RoomState> slot) {
    var room = slot.get();
    if (room == null) {
      return Head.ABSENT;
    }
    boolean forgot = room.forget(gone);
    boolean changed = room.trim(rules.of(slot.key()), now) || forgot;
    if (room.idle()) {
      slot.remove();
    } else if (changed) {
      slot.put(room);
    }
    return Head.ABSENT;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeLong(now);
    rules.write(out);
    Strings.writeAll(out, gone.toArray(String[]::new));
  }

  static Expire read(DataInput in) throws IOException {
    Wire.form(in, FORM, "an expiry");
    return new Expire(in.readLong(), RetentionRules.read(in), List.of(Strings.readAll(in)));
  }
}
