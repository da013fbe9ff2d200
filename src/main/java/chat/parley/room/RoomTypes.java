package chat.parley.room;

import chat.parley.cluster.WireTypes;
import chat.parley.room.Append.Appended;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class RoomTypes {
  private RoomTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(1, RoomState.class, RoomState::read)
        .register(2, Append.class, Append::read)
        .register(3, Appended.class, Appended::read)
        .register(4, Watch.class, Watch::read)
        .register(5, Unwatch.class, Unwatch::read)
        .register(6, Look.class, Look::read)
        .register(7, Head.class, Head::read)
        .register(8, Read.class, Read::read)
        .register(9, Page.class, Page::read)
        .register(10, Expire.class, Expire::read);
  }
}
