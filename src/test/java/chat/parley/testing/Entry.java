package chat.parley.testing;

import chat.parley.protocol.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a client's {@link Journal}: something it did or saw. {@code at} is nanoseconds of one monotonic clock shared
 * by all journals of a test. Immutable.
 */
public sealed interface Entry {
  /** When, in ns. */
  long at();

  /** The server said {@code welcome}. */
  record Connected(long at, String user, String session, String node) implements Entry {}

  /** The connection is over; 1006 where nobody said why. */
  record Ended(long at, int code) implements Entry {}

  /** The server said {@code joined}; unasked: it tells of a new numbering. {@code since}, {@code last}: what was asked. */
  record Joined(
      long at,
      String room,
      String epoch,
      long seq,
      boolean recovered,
      boolean asked,
      @Nullable Position since,
      int last)
      implements Entry {}

  /** No longer a member. */
  record Left(long at, String room) implements Entry {}

  /** So many users have left a room, as the others in it are told. */
  record Departed(long at, String room, int users) implements Entry {}

  /** A message came. */
  record Received(long at, String room, String epoch, long seq, String id, String user, String data)
      implements Entry {}

  /** A publish went out; {@code id} null: the server names it. */
  record Sent(long at, String ref, String room, @Nullable String id, String data, boolean echo)
      implements Entry {}

  /** A publish was acked. */
  record Acked(
      long at, String ref, String room, String id, String epoch, long seq, boolean duplicate)
      implements Entry {}

  /** The server said {@code error}. */
  record Refused(long at, @Nullable String ref, @Nullable String room, String code)
      implements Entry {}

  /** All that the room keeps, read page by page since {@code from}, ascending. */
  record Read(long at, long from, String room, String epoch, List<Received> messages)
      implements Entry {
    public Read {
      messages = List.copyOf(messages);
    }
  }
}
