package chat.parley.room;

import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Signals;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one node tells another about one room, and its form on the event bus. A bus message is a version byte and parcels one after the
 * other; the frames in them are bytes that nobody parses on the way. Immutable by agreement.
 */
sealed interface Parcel {
  byte FORM = 1;

  String room();

  /** Messages from {@code first} on. */
  record OfMessages(String room, Messages messages) implements Parcel {}

  /** Signals. */
  record OfSignals(String room, Signals signals) implements Parcel {}

  /** Compare with the log: something was dropped on the way, or is in doubt. */
  record OfDoubt(String room) implements Parcel {}

  /** What one companion of the room says to the other. */
  record OfCompanion(String room, byte[] message) implements Parcel {}

  private static byte kind(Parcel parcel) {
    return switch (parcel) {
      case OfMessages messages -> 1;
      case OfSignals signals -> 2;
      case OfDoubt doubt -> 3;
      case OfCompanion said -> 4;
    };
  }

  /** Begins a bus message. */
  static Buffer begin() {
    return Buffer.buffer(256).appendByte(FORM);
  }

  /** Appends a parcel to a bus message. */
  static void append(Buffer out, Parcel parcel) {
    out.appendByte(kind(parcel));
    appendText(out, parcel.room());
    switch (parcel) {
      case OfMessages some -> {
        appendText(out, some.messages().epoch());
        out.appendLong(some.messages().first());
        appendLines(out, some.messages().lines());
      }
      case OfSignals some -> appendLines(out, some.signals().lines());
      case OfDoubt doubt -> {
        // Its kind says it all.
      }
      case OfCompanion said -> out.appendInt(said.message().length).appendBytes(said.message());
    }
  }

  /**
   * Reads a whole bus message.
   *
   * @throws IllegalArgumentException if it is of a form that this version does not know
   */
  static List<Parcel> parse(Buffer in) {
    if (in.length() == 0 || in.getByte(0) != FORM) {
      throw new IllegalArgumentException(
          "a bus message of another version (expected: form " + FORM + ")");
    }
    var cursor = new Cursor(in);
    var parcels = new ArrayList<Parcel>();
    while (cursor.at < in.length()) {
      byte kind = in.getByte(cursor.at++);
      var room = cursor.text();
      parcels.add(
          switch (kind) {
            case 1 -> {
              var epoch = cursor.text();
              long first = cursor.number();
              yield new OfMessages(room, new Messages(epoch, first, cursor.lines()));
            }
            case 2 -> new OfSignals(room, new Signals(cursor.lines()));
            case 3 -> new OfDoubt(room);
            case 4 -> new OfCompanion(room, cursor.bytes(cursor.count()));
            default -> throw new IllegalArgumentException("a parcel of unknown kind " + kind);
          });
    }
    return parcels;
  }

  private static void appendText(Buffer out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.appendShort((short) bytes.length).appendBytes(bytes);
  }

  private static void appendLines(Buffer out, List<Line> lines) {
    out.appendInt(lines.size());
    for (var line : lines) {
      out.appendInt(line.json().length).appendBytes(line.json());
    }
  }

  /** A reading position in a bus message. Confined to the call that reads. */
  final class Cursor {
    private final Buffer in;
    private int at = 1;

    private Cursor(Buffer in) {
      this.in = in;
    }

    /** A length that can't be true must not cost memory. */
    private void requireLeft(long length) {
      int left = in.length() - at;
      if (length < 0 || length > left) {
        throw new IllegalArgumentException(length + " bytes (expected: at most " + left + ")");
      }
    }

    private byte[] bytes(int length) {
      requireLeft(length);
      var bytes = in.getBytes(at, at + length);
      at += length;
      return bytes;
    }

    private String text() {
      int length = in.getUnsignedShort(at);
      at += 2;
      return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private long number() {
      at += 8;
      return in.getLong(at - 8);
    }

    private int count() {
      at += 4;
      return in.getInt(at - 4);
    }

    private List<Line> lines() {
      int n = count();
      requireLeft(n * 4L);
      var lines = new ArrayList<Line>(n);
      for (int i = 0; i < n; i++) {
        lines.add(new Line(bytes(count()), null));
      }
      return lines;
    }
  }
}
