package chat.parley.presence;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** Clears away the seats of dead nodes. A living node that is missing from the list finds out, and reports its own again. Immutable. */
record Retain(List<String> alive) implements Operation<PresenceState, Mark> {
  static final int FORM = 1;

  @Override
  public Mark apply(Slot<PresenceState> slot) {
    var room = slot.get();
    if (room != null && room.retain(alive)) {
      if (room.seating().isEmpty()) {
        slot.remove();
      } else {
        slot.put(room);
      }
    }
    return Mark.NONE; // nobody collects the answers of a sweep
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    Form.writeNames(out, alive);
  }

  static Retain read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a clearing away");
    return new Retain(Form.readNames(in));
  }
}
