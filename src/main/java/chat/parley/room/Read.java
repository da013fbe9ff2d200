package chat.parley.room;

import static java.util.Objects.requireNonNull;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.protocol.Position;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of a room's log. Immutable.
 *
 * @param from where to read
 * @param position {@code RESUME}: what the reader has; else null
 * @param seq {@code AFTER}, {@code BEFORE}: the position next to the page; else 0
 * @param limit messages at most; a page is also bounded to {@link #PAGE_BYTES}
 */
record Read(From from, @Nullable Position position, long seq, int limit)
    implements Operation<RoomState, Page> {
  static final int FORM = 1;

  /** Bytes of a page, about; a single message may be larger. */
  static final int PAGE_BYTES = 256 * 1024;

  /** Where a page lies. */
  enum From {
    /** After what the reader has, in whatever numbering that was. */
    RESUME(1),
    AFTER(2),
    BEFORE(3),
    /** The newest. */
    LAST(4);

    private final int code;

    From(int code) {
      this.code = code;
    }

    private static From of(int code) throws IOException {
      for (var from : values()) {
        if (from.code == code) {
          return from;
        }
      }
      throw new IOException("a read from an unknown place: " + code);
    }
  }

  static Read resume(Position position, int limit) {
    return new Read(From.RESUME, position, 0, limit);
  }

  static Read after(long seq, int limit) {
    return new Read(From.AFTER, null, seq, limit);
  }

  static Read before(long seq, int limit) {
    return new Read(From.BEFORE, null, seq, limit);
  }

  static Read last(int limit) {
    return new Read(From.LAST, null, 0, limit);
  }

  @Override
  public boolean readOnly() {
    return true;
  }

  /** Nobody is shown a message that a node's death could still make unsaid: its position would go to another one. */
  @Override
  public boolean settled() {
    return true;
  }

  @Override
  public Page apply(Slot<RoomState> slot) {
    var room = slot.get();
    if (room == null) {
      return new Page("", 0, false, 0, List.of(), false);
    }
    return switch (from) {
      case RESUME -> {
        long at = room.resume(requireNonNull(position));
        yield at < 0
            ? new Page(room.epoch(), room.head(), false, room.head(), List.of(), false)
            : ahead(room, at);
      }
      case AFTER -> ahead(room, seq);
      case BEFORE -> back(room, seq);
      case LAST -> back(room, room.head() + 1);
    };
  }

  private Page ahead(RoomState room, long at) {
    long start = Math.min(room.head(), Math.max(at, room.first() - 1));
    var entries = room.after(start, limit, PAGE_BYTES);
    return new Page(
        room.epoch(),
        room.head(),
        start == at,
        start,
        entries,
        start + entries.size() < room.head());
  }

  /** The page that ends before {@code end}; the byte bound is kept by leaving out its oldest. */
  private Page back(RoomState room, long end) {
    int wanted = Math.min(limit, room.keptBefore(end));
    long start = Math.min(end, room.head() + 1) - wanted;
    var entries = room.after(start - 1, wanted, Integer.MAX_VALUE);
    int first = entries.size();
    long bytes = 0;
    while (first > 0) {
      bytes += entries.get(first - 1).weight();
      if (bytes > PAGE_BYTES && first < entries.size()) {
        break;
      }
      first--;
    }
    var page = entries.subList(first, entries.size());
    boolean more = !page.isEmpty() && page.getFirst().seq() > room.first();
    return new Page(room.epoch(), room.head(), true, start - 1 + first, List.copyOf(page), more);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeByte(from.code);
    Strings.write(out, position == null ? null : position.epoch());
    out.writeLong(position == null ? seq : position.seq());
    out.writeInt(limit);
  }

  static Read read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a read");
    var from = From.of(in.readByte());
    var epoch = Strings.read(in);
    long seq = in.readLong();
    return new Read(
        from,
        epoch == null ? null : new Position(epoch, seq),
        epoch == null ? seq : 0,
        in.readInt());
  }
}
