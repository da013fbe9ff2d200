package chat.parley.registry;

import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The answer of an operation that has nothing to say. Immutable. */
record Done() implements Wire {
  static final int FORM = 1;

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
  }

  static Done read(DataInput in) throws IOException {
    Wire.form(in, FORM, "an end");
    return new Done();
  }
}
