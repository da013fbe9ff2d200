package chat.parley.relay;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A node gives up a session, if it still has it. Immutable. */
record Release(String node) implements Operation<Owner, Owner> {
  private static final int FORM = 1;

  @Override
  public Owner apply(Slot<Owner> slot) {
    var owner = slot.get();
    if (owner != null && owner.node().equals(node)) {
      slot.remove();
    }
    return Owner.NOBODY;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
  }

  static Release read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a release");
    return new Release(in.readUTF());
  }
}
