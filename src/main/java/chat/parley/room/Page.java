package chat.parley.room;

import chat.parley.cluster.Wire;
import chat.parley.protocol.FrameCodec;
import chat.parley.room.RoomEvent.Messages;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a log. Immutable by agreement.
 *
 * @param epoch the numbering, or empty if the room does not exist
 * @param head the newest message's position
 * @param continuous whether the page goes on right after what was asked for
 * @param start the position before the first entry
 * @param entries ascending, without a hole
 * @param more whether there is more in the direction of reading
 */
public record Page(
    String epoch, long head, boolean continuous, long start, List<LogEntry> entries, boolean more)
    implements Wire {
  static final int FORM = 1;

  /** The position that a reader of this page has reached. */
  long end() {
    return start + entries.size();
  }

  /** What members are sent of it; {@code notTo} tells who is to be spared a message, or null. */
  Messages messages(String room, Function<MessageKey, @Nullable Subscriber> notTo) {
    var lines = new ArrayList<Line>(entries.size());
    for (var entry : entries) {
      var frame = FrameCodec.encode(entry.frame(room, epoch));
      lines.add(new Line(frame, notTo.apply(entry.key())));
    }
    return new Messages(epoch, start + 1, List.copyOf(lines));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(epoch);
    out.writeLong(head);
    out.writeBoolean(continuous);
    out.writeLong(start);
    out.writeInt(entries.size());
    for (var entry : entries) {
      entry.write(out);
    }
    out.writeBoolean(more);
  }

  static Page read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a page");
    var epoch = in.readUTF();
    long head = in.readLong();
    boolean continuous = in.readBoolean();
    long start = in.readLong();
    int n = in.readInt();
    var entries = new ArrayList<LogEntry>(n);
    for (int i = 0; i < n; i++) {
      entries.add(LogEntry.read(in));
    }
    return new Page(epoch, head, continuous, start, entries, in.readBoolean());
  }
}
