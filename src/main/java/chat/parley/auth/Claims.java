package chat.parley.auth;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity.Role;
import chat.parley.protocol.RoomName;
import chat.parley.protocol.UserName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the claims of a token say, its signature being right. A claim of the wrong form is refused, not ignored. Pure. */
final class Claims {
  /** The end of the year 9999: no token ends later, so that times stay within what JavaScript counts exactly. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private Claims() {}

  /**
   * The identity that the claims give at this moment.
   *
   * @throws BadToken if they give none
   */
  static Identity identity(JsonObject claims, Instant now) {
    var expires = millis(claims, "exp");
    var begins = millis(claims, "nbf");
    if (expires != null && expires <= now.toEpochMilli()) {
      throw new BadToken("the token has expired");
    }
    if (begins != null && begins > now.toEpochMilli()) {
      throw new BadToken("the token is not valid yet");
    }
    return new Identity(user(claims), name(claims), expires, rooms(claims), role(claims));
  }

  private static String user(JsonObject claims) {
    if (claims.getValue("sub") instanceof String user && UserName.isValid(user)) {
      return user;
    }
    throw new BadToken("the token's sub must be text: " + UserName.FORM);
  }

  private static @Nullable String name(JsonObject claims) {
    var name = claims.getValue("name");
    if (name == null) {
      return null;
    }
    if (name instanceof String text) {
      return DisplayName.shortened(text);
    }
    throw new BadToken("the token's name must be text");
  }

  private static @Nullable Long millis(JsonObject claims, String claim) {
    var seconds = claims.getValue(claim);
    if (seconds == null) {
      return null;
    }
    if (seconds instanceof Number number) {
      return Math.min((long) (number.doubleValue() * 1000), LAST_MILLIS);
    }
    throw new BadToken("the token's " + claim + " must be a number of seconds");
  }

  private static @Nullable List<String> rooms(JsonObject claims) {
    var rooms = claims.getValue("rooms");
    if (rooms == null) {
      return null;
    }
    if (!(rooms instanceof JsonArray items)) {
      throw new BadToken("the token's rooms must be a list");
    }
    var patterns = new ArrayList<String>(items.size());
    for (var item : items) {
      if (!(item instanceof String pattern) || !RoomName.isPattern(pattern)) {
        throw new BadToken(
            "each of the token's rooms must be a room's name, in which * may stand for any");
      }
      patterns.add(pattern);
    }
    return List.copyOf(patterns);
  }

  private static Role role(JsonObject claims) {
    var role = claims.getValue("role");
    if (role == null) {
      return Role.MEMBER;
    }
    return switch (String.valueOf(role)) {
      case "member" -> Role.MEMBER;
      case "moderator" -> Role.MODERATOR;
      case "admin" -> Role.ADMIN;
      default -> throw new BadToken("the token's role must be member, moderator or admin");
    };
  }
}
