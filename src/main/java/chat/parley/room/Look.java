package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Asks where a room's log stands and who listens, and changes nothing. Immutable. */
record Look() implements Operation<RoomState, Head> {
  static final int FORM = 1;

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Head apply(Slot<RoomState> slot) {
    var room = slot.get();
    return room == null ? Head.ABSENT : Head.of(room);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
  }

  static Look read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a look");
    return new Look();
  }
}
