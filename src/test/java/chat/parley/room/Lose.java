package chat.parley.room;

import chat.parley.cluster.Operation;
import java.io.DataOutput;

/** The room is gone, with all who kept it. Immutable. */
record Lose() implements Operation<RoomState, Head> {
  @Override
  public Head apply(Slot<RoomState> slot) {
    slot.remove();
    return Head.ABSENT;
  }

  @Override
  public void write(DataOutput out) {
    throw new UnsupportedOperationException("stays here");
  }
}
