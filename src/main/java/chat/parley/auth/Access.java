package chat.parley.auth;

import chat.parley.protocol.DirectRoom;
import chat.parley.protocol.RoomName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an identity may do in a room: what its token says, what the configuration says, and that a direct room is for two. Immutable.
 */
public final class Access {
  /** Whatever the token allows. */
  public static final Access OPEN = new Access(List.of());

  private static final String DIRECT =
      "a room dm:<user>:<user> is for these two alone; of a user's name, what is not a letter, a"
          + " digit, . _ or - stands there as ~XX";

  private final List<RoomRule> rules;

  /** @param rules of which the first whose pattern fits a room holds for it; a room that none fits is open */
  public Access(List<RoomRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** What is missing, in words for the client; null: nothing. */
  public @Nullable String missing(Identity identity, String room, Right right) {
    if (!hasRoom(identity, room)) {
      return "the token's \"rooms\" do not include this room";
    }
    if (DirectRoom.isOne(room) && !DirectRoom.isOf(room, identity.user())) {
      return DIRECT;
    }
    for (var rule : rules) {
      if (RoomName.matches(rule.pattern(), room)) {
        var who = rule.who(right);
        return who.includes(identity) ? null : "in this room " + who.needed(right);
      }
    }
    return null;
  }

  /** One of the token's patterns fits, or it has none. */
  private static boolean hasRoom(Identity identity, String room) {
    var patterns = identity.rooms();
    return patterns == null
        || patterns.stream().anyMatch(pattern -> RoomName.matches(pattern, room));
  }
}
