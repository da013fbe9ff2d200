package chat.parley.relay;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Takes a session for a node unless one has it; answers who has it then. Immutable. */
record Claim(Owner by) implements Operation<Owner, Owner> {
  private static final int FORM = 1;

  @Override
  public Owner apply(Slot<Owner> slot) {
    var owner = slot.get();
    if (owner == null) {
      slot.put(by);
      return by;
    }
    return owner;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    by.write(out);
  }

  static Claim read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a claim");
    return new Claim(Owner.read(in));
  }
}
