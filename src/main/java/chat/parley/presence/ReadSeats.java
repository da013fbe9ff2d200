package chat.parley.presence;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Asks for all seats of a room, and changes nothing. Immutable. */
record ReadSeats() implements Operation<PresenceState, Seats> {
  static final int FORM = 1;

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Seats apply(Slot<PresenceState> slot) {
    var room = slot.get();
    return room == null ? Seats.NONE : Seats.of(room);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
  }

  static ReadSeats read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a reading of seats");
    return new ReadSeats();
  }
}
