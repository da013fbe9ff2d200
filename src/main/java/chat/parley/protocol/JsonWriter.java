package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.protocol.FrameCodec.Field;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON objects of known fields into a buffer that grows and is used again. Optional fields given as null are left
 * out. What it writes is valid UTF-8 whatever the strings hold: half a surrogate pair goes out as an escape.
 * Confined to one thread.
 */
final class JsonWriter {
  private static final int FIRST_CAPACITY = 1_024;
  private static final int KEPT_CAPACITY = 64 * 1_024;

  /** The widest that one char becomes: an escape of six bytes. */
  private static final int WIDEST = 6;

  private static final int LONGEST_NUMBER = 20;
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] FALSE = "false".getBytes(UTF_8);
  private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

  /** What each char below 128 is escaped with: 0 as it is, 'u' by number, else the letter after the backslash. */
  private static final byte[] ESCAPES = new byte[128];

  static {
    Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\f'] = 'f';
    ESCAPES['\n'] = 'n';
    ESCAPES['\r'] = 'r';
    ESCAPES['\t'] = 't';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int size;

  /** The string as a JSON token. */
  static String quote(String text) {
    var writer = new JsonWriter();
    writer.string(text);
    return new String(writer.buffer, 0, writer.size, UTF_8);
  }

  /** Forgets what was written, so that a frame never begins with half of one that failed. */
  void restart() {
    size = 0;
  }

  JsonWriter open() {
    require(1);
    buffer[size++] = '{';
    return this;
  }

  JsonWriter close() {
    require(1);
    buffer[size++] = '}';
    return this;
  }

  JsonWriter text(Field field, @Nullable String value) {
    if (value != null) {
      name(field);
      string(value);
    }
    return this;
  }

  /** A value that is JSON already. */
  JsonWriter json(Field field, @Nullable String token) {
    return token == null ? this : json(field, token.getBytes(UTF_8));
  }

  /** A value that is JSON already. */
  JsonWriter json(Field field, byte @Nullable [] value) {
    if (value != null) {
      name(field);
      bytes(value);
    }
    return this;
  }

  JsonWriter number(Field field, @Nullable Long value) {
    return value == null ? this : number(field, value.longValue());
  }

  JsonWriter number(Field field, long value) {
    name(field);
    if (value < 0) {
      bytes(Long.toString(value).getBytes(UTF_8));
    } else {
      digits(value);
    }
    return this;
  }

  JsonWriter flag(Field field, boolean value) {
    name(field);
    bytes(value ? TRUE : FALSE);
    return this;
  }

  <T> JsonWriter list(Field field, List<T> values, BiConsumer<JsonWriter, T> write) {
    name(field);
    require(1);
    buffer[size++] = '[';
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        require(1);
        buffer[size++] = ',';
      }
      write.accept(this, values.get(i));
    }
    require(1);
    buffer[size++] = ']';
    return this;
  }

  /** Begins an object inside; {@link #close} ends it. */
  JsonWriter open(Field field) {
    name(field);
    return open();
  }

  /** A copy of what was written; an unusually large buffer is let go. */
  byte[] take() {
    byte[] written = Arrays.copyOf(buffer, size);
    if (buffer.length > KEPT_CAPACITY) {
      buffer = new byte[FIRST_CAPACITY];
    }
    return written;
  }

  private void name(Field field) {
    byte[] prefix = field.prefix();
    require(prefix.length + 1);
    if (buffer[size - 1] != '{') {
      buffer[size++] = ',';
    }
    System.arraycopy(prefix, 0, buffer, size, prefix.length);
    size += prefix.length;
  }

  private void bytes(byte[] bytes) {
    require(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void digits(long value) {
    require(LONGEST_NUMBER);
    int end = size + 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      end++;
    }
    long rest = value;
    for (int i = end - 1; i >= size; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size = end;
  }

  private void string(String text) {
    int length = text.length();
    require(length + 2);
    byte[] to = buffer;
    int at = size;
    to[at++] = '"';
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c >= ESCAPES.length || ESCAPES[c] != 0) {
        break;
      }
      to[at++] = (byte) c;
      i++;
    }
    size = at;
    if (i < length) {
      unusual(text, i);
    }
    require(1);
    buffer[size++] = '"';
  }

  /** The rest of a string from its first char on that does not go out as one byte. */
  private void unusual(String text, int from) {
    require((text.length() - from) * WIDEST);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ESCAPES.length) {
        ascii(c);
      } else if (!Character.isSurrogate(c)) {
        encoded(c);
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        encoded(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        numbered(c);
      }
    }
  }

  private void ascii(char c) {
    byte escape = ESCAPES[c];
    if (escape == 0) {
      buffer[size++] = (byte) c;
    } else if (escape == 'u') {
      numbered(c);
    } else {
      buffer[size++] = '\\';
      buffer[size++] = escape;
    }
  }

  private void numbered(char c) {
    buffer[size++] = '\\';
    buffer[size++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      buffer[size++] = HEX[(c >> shift) & 0xF];
    }
  }

  private void encoded(int codePoint) {
    if (codePoint < 0x800) {
      buffer[size++] = (byte) (0xC0 | codePoint >> 6);
    } else {
      if (codePoint < 0x10000) {
        buffer[size++] = (byte) (0xE0 | codePoint >> 12);
      } else {
        buffer[size++] = (byte) (0xF0 | codePoint >> 18);
        buffer[size++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
      }
      buffer[size++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
    }
    buffer[size++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  private void require(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
