package chat.parley.auth;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * The name that others are shown: one line, with nothing in it that hides, turns round or overprints what stands beside it.
 * Pure.
 */
final class DisplayName {
  /** The longest name, in UTF-16 code units as Java and JavaScript count them. */
  static final int MAX_LENGTH = 64;

  private DisplayName() {}

  /** The name without what may not be in it; may be empty, or too long. */
  static String clean(String raw) {
    var kept = new StringBuilder(raw.length());
    Normalizer.normalize(raw, Normalizer.Form.NFC)
        .codePoints()
        .map(c -> isSpace(c) ? ' ' : c)
        .filter(DisplayName::isAllowed)
        .forEach(kept::appendCodePoint);
    String name = kept.toString().replaceAll(" +", " ").strip();
    return name.codePoints().anyMatch(DisplayName::isVisible) ? name : "";
  }

  /** The clean name cut to its greatest length, or null where nothing is left of it. */
  static @Nullable String shortened(String raw) {
    String name = clean(raw);
    if (name.length() > MAX_LENGTH) {
      int end =
          Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
      name = name.substring(0, end).strip();
    }
    return name.isEmpty() ? null : name;
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** Joiners stay: emoji and several scripts are written with them. */
  private static boolean isAllowed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
        false;
      case Character.FORMAT -> c == 0x200C || c == 0x200D;
      default -> true;
    };
  }

  /** Whether it leaves ink on its own: not a space, a joiner, a mark, or a filler that is drawn as nothing. */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.SPACE_SEPARATOR,
          Character.FORMAT,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK -> false;
      default -> c != 0x3164 && c != 0xFFA0 && c != 0x115F && c != 0x1160 && c != 0x2800;
    };
  }
}
