package chat.parley.room;

import chat.parley.protocol.ServerFrame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One accepted message in a room's log. Immutable by agreement: nobody changes {@code data}.
 *
 * @param seq its position, from 1
 * @param time when the room accepted it, ms since 1970
 * @param data its JSON text, UTF-8
 */
public record LogEntry(
    long seq, long time, String user, @Nullable String name, String id, byte[] data) {
  LogEntry at(long newSeq) {
    return new LogEntry(newSeq, time, user, name, id, data);
  }

  MessageKey key() {
    return new MessageKey(user, id);
  }

  /** Bytes it takes on its way, roughly: what pages are measured by. */
  int weight() {
    return data.length + user.length() + id.length() + 64;
  }

  /** What a client is sent. */
  public ServerFrame.Message frame(String room, String epoch) {
    return new ServerFrame.Message(room, epoch, seq, id, user, name, time, data);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(seq);
    out.writeLong(time);
    out.writeUTF(user);
    Strings.write(out, name);
    out.writeUTF(id);
    Strings.writeBytes(out, data);
  }

  static LogEntry read(DataInput in) throws IOException {
    return new LogEntry(
        in.readLong(),
        in.readLong(),
        in.readUTF(),
        Strings.read(in),
        in.readUTF(),
        Strings.readBytes(in));
  }

  /** What asks to be accepted: an entry without position and time. {@code id} is the client's or, where it gave none, ours. */
  public record Draft(String user, @Nullable String name, String id, byte[] data) {
    LogEntry accepted(long seq, long time) {
      return new LogEntry(seq, time, user, name, id, data);
    }

    MessageKey key() {
      return new MessageKey(user, id);
    }

    void write(DataOutput out) throws IOException {
      out.writeUTF(user);
      Strings.write(out, name);
      out.writeUTF(id);
      Strings.writeBytes(out, data);
    }

    static Draft read(DataInput in) throws IOException {
      return new Draft(in.readUTF(), Strings.read(in), in.readUTF(), Strings.readBytes(in));
    }
  }
}
