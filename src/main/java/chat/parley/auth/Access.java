package chat.parley.auth;

import chat.parley.protocol.DirectRoom;
import chat.parley.protocol.RoomName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an identity may do in a room: what its token says, what the configuration says, that a direct room is for two, and who was
 * banned. Thread-safe: immutable but for the list of bans, which is.
 */
public final class Access {
  /** Whatever the token allows. */
  public static final Access OPEN = new Access(List.of(), null);

  private static final String DIRECT =
      "a room dm:<user>:<user> is for these two alone; of a user's name, what is not a letter, a"
          + " digit, . _ or - stands there as ~XX";

  private final List<RoomRule> rules;
  private final @Nullable Blocklist blocks;

  /**
   * @param rules of which the first whose pattern fits a room holds for it; a room that none fits is open
   * @param blocks who was banned; null: nobody
   */
  public Access(List<RoomRule> rules, @Nullable Blocklist blocks) {
    this.rules = List.copyOf(rules);
    this.blocks = blocks;
  }

  /** Whether the token that this identity is of was revoked. */
  public boolean isRevoked(Identity identity) {
    return blocks != null && blocks.revokes(identity);
  }

  /** Whether the user is banned from the room. */
  public boolean isBanned(Identity identity, String room) {
    return blocks != null && blocks.bannedUntil(room, identity.user()) != null;
  }

  /** Whether the user was put out of the room after that version of the list of blocks. */
  public boolean isKicked(Identity identity, String room, long since) {
    return blocks != null && blocks.kickedSince(room, identity.user(), since);
  }

  /** The version of the list of blocks. */
  public long version() {
    return blocks == null ? 0 : blocks.version();
  }

  /** Whether this one may put people out of the room: an admin everywhere, a moderator where the token goes. */
  public static boolean moderates(Identity identity, String room) {
    return switch (identity.role()) {
      case ADMIN -> true;
      case MODERATOR -> hasRoom(identity, room) && !DirectRoom.isOne(room);
      case MEMBER -> false;
    };
  }

  /** What is missing, in words for the client; null: nothing. */
  public @Nullable String missing(Identity identity, String room, Right right) {
    if (!hasRoom(identity, room)) {
      return "the token's \"rooms\" do not include this room";
    }
    if (DirectRoom.isOne(room) && !DirectRoom.isOf(room, identity.user())) {
      return DIRECT;
    }
    if (isBanned(identity, room)) {
      return "banned from this room";
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
