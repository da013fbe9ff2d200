package chat.parley.protocol;

/** The form of a user's name: a token's {@code sub}. Pure. */
public final class UserName {
  /** The longest name, in UTF-16 code units as Java and JavaScript count them. */
  public static final int MAX_LENGTH = 128;

  /** The form in words, for error messages. */
  public static final String FORM = "1–128 characters, no control characters";

  private UserName() {}

  /** Whether this may be a user's name. */
  public static boolean isValid(String name) {
    return PlainText.isPlain(name, 1, MAX_LENGTH);
  }
}
