package chat.parley.room;

import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where a room's log stands and who listens. Immutable by agreement.
 *
 * @param epoch the numbering, or empty if the room does not exist
 */
record Head(String epoch, long seq, String[] audience) implements Wire {
  static final int FORM = 1;
  private static final String[] NOBODY = {};

  static final Head ABSENT = new Head("", 0, NOBODY);

  static Head of(RoomState room) {
    return new Head(room.epoch(), room.head(), room.audience());
  }

  boolean hears(String node) {
    for (var other : audience) {
      if (other.equals(node)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(epoch);
    out.writeLong(seq);
    Strings.writeAll(out, audience);
  }

  static Head read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a head");
    return new Head(in.readUTF(), in.readLong(), Strings.readAll(in));
  }
}
