package chat.parley.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Something that travels between nodes in a binary form of its own: never Java serialization. The form begins with a
 * version byte, so that a node can read what one of the previous version wrote. Each type is registered once, with its
 * number and its reader, in a {@link WireTypes}.
 */
public interface Wire {
  /** Writes this value, version byte first. */
  void write(DataOutput out) throws IOException;

  /** Reads the version byte and refuses one that is not known here. */
  static void form(DataInput in, int newest, String what) throws IOException {
    int form = in.readByte();
    if (form < 1 || form > newest) {
      throw new IOException(what + " has form " + form + " (expected: 1–" + newest + ")");
    }
  }
}
