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

  /** The longest {@code jti}, in UTF-16 code units. */
  private static final int TOKEN_NAME = 256;

  /**
   * The identity that the claims give at this moment.
   *
   * @throws BadToken if they give none
   */
  static Identity identity(JsonObject claims, TokenRules rules, Instant now) {
    var expires = expires(claims, rules, now);
    var begins = millis(claims, "nbf");
    if (begins != null && begins - rules.leeway().toMillis() > now.toEpochMilli()) {
      throw new BadToken("the token is not valid yet");
    }
    audience(claims, rules);
    issuer(claims, rules);
    return new Identity(
        user(claims),
        name(claims),
        expires,
        rooms(claims),
        role(claims),
        guest(claims),
        token(claims),
        millis(claims, "iat"));
  }

  /** The end by our clock, the leeway added. */
  private static @Nullable Long expires(JsonObject claims, TokenRules rules, Instant now) {
    var end = millis(claims, "exp");
    long longest = rules.lifetime().toMillis();
    if (end == null) {
      if (longest > 0) {
        throw new BadToken("the token has no exp, and here it must");
      }
      return null;
    }
    long expires = Math.min(end + rules.leeway().toMillis(), LAST_MILLIS);
    if (expires <= now.toEpochMilli()) {
      throw new BadToken("the token has expired");
    }
    if (longest > 0 && end - now.toEpochMilli() > longest + rules.leeway().toMillis()) {
      throw new BadToken("the token runs for longer than " + rules.lifetime().toSeconds()
          + " seconds, the longest that is accepted here");
    }
    return expires;
  }

  private static void audience(JsonObject claims, TokenRules rules) {
    var audience = claims.getValue("aud");
    boolean fits = audience instanceof JsonArray several
        ? several.stream().anyMatch(one -> isOneOf(rules.audience(), one))
        : isOneOf(rules.audience(), audience);
    if (!fits && !rules.audience().isEmpty()) {
      throw new BadToken(
          "the token is for another audience: its aud has to be one of " + rules.audience());
    }
  }

  private static void issuer(JsonObject claims, TokenRules rules) {
    if (!rules.issuer().isEmpty() && !isOneOf(rules.issuer(), claims.getValue("iss"))) {
      throw new BadToken(
          "the token is of another issuer: its iss has to be one of " + rules.issuer());
    }
  }

  private static boolean isOneOf(List<String> allowed, @Nullable Object claimed) {
    return claimed instanceof String text && allowed.contains(text);
  }

  private static boolean guest(JsonObject claims) {
    return switch (claims.getValue("guest")) {
      case null -> false;
      case Boolean guest -> guest;
      default -> throw new BadToken("the token's guest must be true or false");
    };
  }

  private static @Nullable String token(JsonObject claims) {
    var name = claims.getValue("jti");
    if (name == null || (name instanceof String text && text.length() <= TOKEN_NAME)) {
      return (String) name;
    }
    throw new BadToken("the token's jti must be text of at most " + TOKEN_NAME + " characters");
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
