package chat.parley.protocol;

/** The form of a room's name, and of the patterns that stand for many. Pure. */
public final class RoomName {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 128;

  /** The form in words, for error messages. */
  public static final String FORM = "1–128 of A-Z a-z 0-9 . _ ~ : -";

  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      ALLOWED[c] = c <= '9' || c >= 'a' || (c >= 'A' && c <= 'Z');
    }
    for (char c : "._~:-".toCharArray()) {
      ALLOWED[c] = true;
    }
  }

  private RoomName() {}

  /** Whether this may be a room's name. */
  public static boolean isValid(String name) {
    return hasForm(name, false);
  }

  /** Whether this may be a pattern: a room's name in which {@code *} may stand for any characters, or for none. */
  public static boolean isPattern(String pattern) {
    return hasForm(pattern, true);
  }

  private static boolean hasForm(String text, boolean stars) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed = c < ALLOWED.length && (ALLOWED[c] || (stars && c == '*'));
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the whole of {@code room} fits {@code pattern}, where only {@code *} is special. A later star makes what an
   * earlier one took final, so the worst case is the product of the two lengths, never more.
   */
  public static boolean matches(String pattern, String room) {
    int p = 0;
    int r = 0;
    int star = -1;
    int resume = 0;
    while (r < room.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = r;
      } else if (p < pattern.length() && pattern.charAt(p) == room.charAt(r)) {
        p++;
        r++;
      } else if (star >= 0) {
        p = star + 1;
        r = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
