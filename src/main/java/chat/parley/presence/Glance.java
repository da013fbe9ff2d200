package chat.parley.presence;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Asks for a room's mark, and changes nothing. Immutable. */
record Glance() implements Operation<PresenceState, Mark> {
  static final int FORM = 1;

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Mark apply(Slot<PresenceState> slot) {
    return Mark.of(slot.get());
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
  }

  static Glance read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a glance");
    return new Glance();
  }
}
