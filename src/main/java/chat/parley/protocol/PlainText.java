package chat.parley.protocol;

/** Text that can be stored, compared and shown as it is. Pure. */
final class PlainText {
  private PlainText() {}

  /** Whether this has {@code min} to {@code max} UTF-16 code units, no control characters and no half of a surrogate pair. */
  static boolean isPlain(String text, int min, int max) {
    return text.length() >= min
        && text.length() <= max
        && isWellFormed(text)
        && text.chars().noneMatch(Character::isISOControl);
  }

  /** Whether every surrogate has its other half, so that the text has a UTF-8 form. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The first {@code max} code units for a person to read: nothing that a terminal or a log could obey. */
  static String shown(String text, int max) {
    int end = Math.min(text.length(), max);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    var shown = new StringBuilder(end + 1);
    text.substring(0, end)
        .codePoints()
        .forEach(c -> shown.appendCodePoint(isVisible(c) ? c : '\uFFFD'));
    return end < text.length() ? shown.append('…').toString() : shown.toString();
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
