package chat.parley.room;

import chat.parley.room.Subscriber.Joined;
import java.util.List;

/**
 * What a room's event-bus address, local to the node, carries to the event loops that have members in the room. Immutable by agreement.
 */
sealed interface RoomEvent {
  /** Messages {@code first}, {@code first + 1}, … of the numbering. */
  record Messages(String epoch, long first, List<Line> lines) implements RoomEvent {
    long last() {
      return first + lines.size() - 1;
    }

    /** Those after {@code seq}. */
    Messages after(long seq) {
      return seq < first
          ? this
          : new Messages(epoch, seq + 1, lines.subList((int) (seq + 1 - first), lines.size()));
    }
  }

  /** Said in passing. */
  record Signals(List<Line> lines) implements RoomEvent {}

  /** For everybody who has been told that they have joined. */
  record Announced(Line line) implements RoomEvent {}

  /** The log goes on in another numbering, or after a hole, right after {@code start}. */
  record Renumbered(Joined joined, long start) implements RoomEvent {}
}
