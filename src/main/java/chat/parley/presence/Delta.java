package chat.parley.presence;

import chat.parley.cluster.Wire;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What one report changed, told from node to node. Its version says whether something is missing before it. Immutable.
 *
 * @param from the version before
 * @param to the version after; the same: only that there is such a version
 */
record Delta(String epoch, long from, long to, List<Seat> here, List<String> gone) {
  static final int FORM = 1;

  byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeUTF(epoch);
      out.writeLong(from);
      out.writeLong(to);
      Form.writeSeats(out, here);
      Form.writeNames(out, gone);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** @throws IllegalArgumentException if it is of a form that this version does not know */
  static Delta decode(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Wire.form(in, FORM, "a change of presence");
      return new Delta(
          in.readUTF(), in.readLong(), in.readLong(), Form.readSeats(in), Form.readNames(in));
    } catch (IOException e) {
      throw new IllegalArgumentException("a change of presence can't be read: " + e, e);
    }
  }
}
