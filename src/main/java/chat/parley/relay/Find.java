package chat.parley.relay;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Looks who has a session. Immutable. */
record Find() implements Operation<Owner, Owner> {
  private static final int FORM = 1;

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Owner apply(Slot<Owner> slot) {
    var owner = slot.get();
    return owner == null ? Owner.NOBODY : owner;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
  }

  static Find read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a search");
    return new Find();
  }
}
