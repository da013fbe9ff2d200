package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * One JSON value where it stands in the frame: the bytes from {@code from} to before {@code to}, known to be well-formed.
 * Immutable as long as nobody changes the bytes.
 */
record RawValue(Kind kind, byte[] bytes, int from, int to) {
  /** What JSON knows, with whole numbers apart. */
  enum Kind {
    STRING,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NULL,
    OBJECT,
    ARRAY
  }

  /** The length of the JSON text in bytes. */
  int length() {
    return to - from;
  }

  /** The JSON text as it came. */
  String token() {
    return new String(bytes, from, to - from, UTF_8);
  }

  /** A copy of the JSON text as it came. */
  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** What a {@link Kind#STRING} says. */
  String text() {
    String inner = new String(bytes, from + 1, to - from - 2, UTF_8);
    return inner.indexOf('\\') < 0 ? inner : unescape(inner);
  }

  private static String unescape(String inner) {
    var text = new StringBuilder(inner.length());
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      c = inner.charAt(++i);
      switch (c) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(inner, i + 1, i + 5, 16));
          i += 4;
        }
        default -> text.append(c);
      }
    }
    return text.toString();
  }
}
