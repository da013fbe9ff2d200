package chat.parley.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a token says is speaking. Immutable.
 *
 * @param user the token's {@code sub}, 1–128 characters without control characters
 * @param name what others are shown, or null
 * @param expires when the token ends, ms since 1970, or null for never
 * @param rooms patterns such as {@code team-*} of rooms allowed, or null for what the configuration allows to everyone
 * @param role {@code member}, {@code moderator} or {@code admin}
 * @param guest whether it is a token for the asking, not one of the service whose users chat here
 * @param token the token's own name, its {@code jti}, or null
 * @param issued when the token was made, ms since 1970, or null if it doesn't say
 */
public record Identity(
    String user,
    @Nullable String name,
    @Nullable Long expires,
    @Nullable List<String> rooms,
    Role role,
    boolean guest,
    @Nullable String token,
    @Nullable Long issued) {
  /** A user of the service, by a token that doesn't name itself. */
  public Identity(
      String user,
      @Nullable String name,
      @Nullable Long expires,
      @Nullable List<String> rooms,
      Role role) {
    this(user, name, expires, rooms, role, false, null, null);
  }

  /** What a token may do beyond speaking. */
  public enum Role {
    MEMBER,
    MODERATOR,
    ADMIN
  }
}
