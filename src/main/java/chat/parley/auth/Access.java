package chat.parley.auth;

import chat.parley.protocol.RoomName;

/** What an identity may do. Pure. */
public final class Access {
  private Access() {}

  /** Whether these may be in the room and speak there: one of their token's patterns fits, or it has none. */
  public static boolean may(Identity identity, String room) {
    var patterns = identity.rooms();
    return patterns == null
        || patterns.stream().anyMatch(pattern -> RoomName.matches(pattern, room));
  }
}
