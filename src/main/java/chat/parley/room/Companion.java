package chat.parley.room;

import io.vertx.core.Future;

/**
 * What lives beside the log of each room at its home: it comes and goes with the room's members on this node, and speaks to them and to the same room on
 * other nodes. Called on the room's home loop only.
 */
public interface Companion {
  /** The room has its first members here. They are told that they have joined when this is done, whether or not it succeeded. */
  Future<Void> attach(String room);

  /** The room has had no members here for a while. */
  void detach(String room);

  /** What the companion of the room on another node said with {@link Rooms#tell}. It may be lost, or come late. */
  void told(String room, byte[] message);

  /** Something that was said about the room may have been lost. */
  void check(String room);

  /** Nothing beside the rooms. */
  Companion NONE = new Companion() {
    @Override
    public Future<Void> attach(String room) {
      return Future.succeededFuture();
    }

    @Override
    public void detach(String room) {}

    @Override
    public void told(String room, byte[] message) {}

    @Override
    public void check(String room) {}
  };
}
