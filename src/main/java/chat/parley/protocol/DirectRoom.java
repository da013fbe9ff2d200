package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A room of two users, {@code dm:<a>:<b>}, the two in the order of their code units: so the two have one, whichever of them is
 * named first. A user's name stands there with letters, digits, {@code .}, {@code _} and {@code -} as they are and {@code ~XX} for each
 * other byte of its UTF-8. Pure.
 */
public final class DirectRoom {
  private static final String PREFIX = "dm:";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private DirectRoom() {}

  /** Whether the room's name begins as that of a direct one. */
  public static boolean isOne(String room) {
    return room.startsWith(PREFIX);
  }

  /** The room of these two; longer than a room's name may be if theirs are too long. */
  public static String of(String user, String other) {
    return sorted(encoded(user), encoded(other));
  }

  /** The name under which the room is kept; one that is not of this form, or no direct room's, is returned as it is. */
  public static String canonical(String room) {
    int colon = room.startsWith(PREFIX) ? room.indexOf(':', PREFIX.length()) : -1;
    return colon < 0
        ? room
        : sorted(room.substring(PREFIX.length(), colon), room.substring(colon + 1));
  }

  /** Whether the room is one of this user and one other. */
  public static boolean isOf(String room, String user) {
    var other = other(room, encoded(user));
    return other != null && !other.isEmpty() && other.indexOf(':') < 0;
  }

  /** What stands beside the user in the room's name, or null if the user doesn't. */
  private static @Nullable String other(String room, String user) {
    if (!room.startsWith(PREFIX)) {
      return null;
    }
    var pair = room.substring(PREFIX.length());
    if (pair.startsWith(user + ":")) {
      return pair.substring(user.length() + 1);
    }
    return pair.endsWith(":" + user) ? pair.substring(0, pair.length() - user.length() - 1) : null;
  }

  private static String sorted(String one, String other) {
    return one.compareTo(other) <= 0 ? PREFIX + one + ':' + other : PREFIX + other + ':' + one;
  }

  private static String encoded(String user) {
    var name = new StringBuilder(user.length());
    for (byte b : user.getBytes(UTF_8)) {
      if (isPlain(b)) {
        name.append((char) b);
      } else {
        name.append('~').append(HEX.toHexDigits(b));
      }
    }
    return name.toString();
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '.'
        || b == '_'
        || b == '-';
  }
}
