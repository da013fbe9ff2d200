package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Joins a node to a room's audience and tells where the log stands: every later append names that node, so that nothing falls between "joined" and
 * "subscribed". Immutable.
 *
 * @param node the incarnation that wants to hear
 * @param epoch the numbering's name if the room has to be made
 */
record Watch(String node, String epoch) implements Operation<RoomState, Head> {
  static final int FORM = 1;

  @Override
  public Head apply(Slot<RoomState> slot) {
    var present = slot.get();
    var room = present == null ? new RoomState(epoch) : present;
    if (room.hear(node)) {
      slot.put(room);
    }
    return Head.of(room);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
    out.writeUTF(epoch);
  }

  static Watch read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a watch");
    return new Watch(in.readUTF(), in.readUTF());
  }
}
