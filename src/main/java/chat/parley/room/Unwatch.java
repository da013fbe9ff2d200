package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** Takes a node out of a room's audience; a room that holds nothing else is gone. Immutable. */
record Unwatch(String node) implements Operation<RoomState, Head> {
  static final int FORM = 1;

  @Override
  public Head apply(Slot<RoomState> slot) {
    var room = slot.get();
    if (room == null) {
      return Head.ABSENT;
    }
    boolean left = room.forget(List.of(node));
    if (room.idle()) {
      slot.remove();
    } else if (left) {
      slot.put(room);
    }
    return Head.of(room);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
  }

  static Unwatch read(DataInput in) throws IOException {
    Wire.form(in, FORM, "an unwatch");
    return new Unwatch(in.readUTF());
  }
}
