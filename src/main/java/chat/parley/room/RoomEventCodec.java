package chat.parley.room;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Passes room events from loop to loop as they are; they never leave the node. Immutable. */
final class RoomEventCodec implements MessageCodec<RoomEvent, RoomEvent> {
  static final String NAME = "parley.room-event";

  @Override
  public void encodeToWire(Buffer buffer, RoomEvent event) {
    throw new UnsupportedOperationException("a room event stays on its node");
  }

  @Override
  public RoomEvent decodeFromWire(int at, Buffer buffer) {
    throw new UnsupportedOperationException("a room event stays on its node");
  }

  @Override
  public RoomEvent transform(RoomEvent event) {
    return event;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
