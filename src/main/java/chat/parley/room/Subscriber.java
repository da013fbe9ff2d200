package chat.parley.room;

import io.vertx.core.Future;

/** A member of rooms on one event loop: what {@link Rooms} tells it. Called on its event loop only. */
public interface Subscriber {
  /** Frames of one room, to be sent in this order; the burst is valid during the call only. */
  void deliver(Burst burst);

  /**
   * The room's numbering changed, or continuity was lost: what follows belongs to {@code joined}'s epoch. Messages that were already seen
   * may come again in the new numbering.
   */
  void renumbered(String room, Joined joined);

  /** Whether it is for this member what is announced to all in a room: who comes and goes. */
  default boolean hearsAnnouncements(String room) {
    return true;
  }

  /** Succeeds at once or as soon as there is room for more to be sent; fails when the connection has gone. */
  Future<Void> ready();

  /**
   * Where a member stands in a room.
   *
   * @param seq the head
   * @param recovered whether all that was missed follows
   */
  record Joined(String epoch, long seq, boolean recovered) {}
}
