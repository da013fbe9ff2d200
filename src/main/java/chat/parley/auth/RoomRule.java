package chat.parley.auth;

import chat.parley.auth.Identity.Role;
import chat.parley.protocol.RoomName;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what in the rooms whose names fit a pattern, written {@code news-* publish=moderators}. What it doesn't name, all may. Immutable.
 *
 * @param pattern as in {@link RoomName#matches}
 */
public record RoomRule(String pattern, Map<Right, Who> rights) {
  /** The form in words, for error messages. */
  public static final String FORM =
      "a pattern, then join, publish, history or presence, each = all, members, moderators, admins"
          + " or none: news-* publish=moderators";

  /** Whom a right is given to; each includes those below it. */
  public enum Who {
    /** Guests too. */
    ALL,
    /** Whoever has a token of the service. */
    MEMBERS,
    MODERATORS,
    ADMINS,
    NONE;

    boolean includes(Identity identity) {
      return switch (this) {
        case ALL -> true;
        case MEMBERS -> !identity.guest();
        case MODERATORS -> identity.role() != Role.MEMBER;
        case ADMINS -> identity.role() == Role.ADMIN;
        case NONE -> false;
      };
    }

    /** What somebody whom it doesn't include would need. */
    String needed(Right right) {
      return switch (this) {
        case ALL -> right.word() + " needs nothing";
        case MEMBERS -> right.word() + " needs a token of the service; guests have none";
        case MODERATORS -> right.word() + " needs a token with the role moderator or admin";
        case ADMINS -> right.word() + " needs a token with the role admin";
        case NONE -> right.word() + " is not for anybody";
      };
    }
  }

  public RoomRule {
    rights = Map.copyOf(rights);
  }

  Who who(Right right) {
    return rights.getOrDefault(right, Who.ALL);
  }

  /** Reads one rule; null if it is not of the form. */
  public static @Nullable RoomRule parse(String text) {
    var words = text.strip().split("\\s+", -1);
    if (words.length < 2 || !RoomName.isPattern(words[0])) {
      return null;
    }
    var rights = new EnumMap<Right, Who>(Right.class);
    for (int i = 1; i < words.length; i++) {
      var pair = words[i].split("=", 2);
      var right = pair.length == 2 ? right(pair[0]) : null;
      var who = pair.length == 2 ? who(pair[1]) : null;
      if (right == null || who == null || rights.put(right, who) != null) {
        return null;
      }
    }
    return new RoomRule(words[0], rights);
  }

  private static @Nullable Right right(String word) {
    for (var right : Right.values()) {
      if (right.word().equals(word)) {
        return right;
      }
    }
    return null;
  }

  private static @Nullable Who who(String word) {
    for (var who : Who.values()) {
      if (who.name().toLowerCase(Locale.ROOT).equals(word)) {
        return who;
      }
    }
    return null;
  }
}
