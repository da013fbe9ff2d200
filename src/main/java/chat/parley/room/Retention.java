package chat.parley.room;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;

/**
 * How much of a room is kept. Immutable.
 *
 * @param size messages at most
 * @param ageMillis how old a message may get
 * @param ids remembered message ids at most; at least {@code size}
 */
public record Retention(int size, long ageMillis, int ids) {
  /** How long a message's id is remembered at least, so that a repeat is known as one (while {@code ids} suffice). */
  public static final Duration DEDUPE_WINDOW = Duration.ofMinutes(5);

  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    out.writeLong(ageMillis);
    out.writeInt(ids);
  }

  static Retention read(DataInput in) throws IOException {
    return new Retention(in.readInt(), in.readLong(), in.readInt());
  }
}
