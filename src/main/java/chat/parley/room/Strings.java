package chat.parley.room;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The small shapes that the room's binary forms share. Pure. */
final class Strings {
  private Strings() {}

  static void write(DataOutput out, @Nullable String value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeUTF(value);
    }
  }

  static @Nullable String read(DataInput in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInput in) throws IOException {
    var bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  static void writeAll(DataOutput out, String[] values) throws IOException {
    out.writeInt(values.length);
    for (var value : values) {
      out.writeUTF(value);
    }
  }

  static String[] readAll(DataInput in) throws IOException {
    var values = new String[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      // Node ids, a handful of them in every room: one copy each.
      values[i] = in.readUTF().intern();
    }
    return values;
  }
}
