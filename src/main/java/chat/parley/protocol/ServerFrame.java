package chat.parley.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server may send (PROTOCOL.md, "Server → client"). {@code ref} and {@code data} are JSON texts, see {@link
 * ClientFrame}. Times are ms since 1970. Immutable by agreement: nobody changes the arrays.
 */
public sealed interface ServerFrame {
  /**
   * What a client should know before it hits it: bytes of a frame, rooms of a session; a second's publishes and signals, bytes, joins, and requests for
   * history and presence.
   */
  record Limits(int frame, int rooms, int rate, int bytes, int joins, int reads) {}

  /** The first frame of an authenticated connection; {@code heartbeat} in ms, {@code expires} the token's end. */
  record Welcome(
      String session,
      String user,
      String node,
      long heartbeat,
      @Nullable Long expires,
      Limits limits)
      implements ServerFrame {}

  /** The answer to {@code auth}. */
  record Authenticated(
      @Nullable String ref, String user, @Nullable Long expires) implements ServerFrame {}

  /**
   * In the room, at {@code seq}. {@code recovered}: everything since the position asked for follows. Unasked for (no
   * ref, no {@code count} of users) it tells that the room's numbering changed. Who may not know who is there gets no
   * {@code count} either.
   */
  record Joined(
      @Nullable String ref,
      String room,
      String epoch,
      long seq,
      boolean recovered,
      @Nullable Long count)
      implements ServerFrame {}

  /** No longer in the room; {@code reason} only where nobody asked. */
  record Left(@Nullable String ref, String room, @Nullable String reason) implements ServerFrame {}

  /** The promise: this message is at {@code seq}; {@code duplicate}: it already was. */
  record Ack(
      @Nullable String ref,
      String room,
      String id,
      String epoch,
      long seq,
      long time,
      boolean duplicate)
      implements ServerFrame {}

  /** One message of a room. */
  record Message(
      String room,
      String epoch,
      long seq,
      String id,
      String user,
      @Nullable String name,
      long time,
      byte[] data)
      implements ServerFrame {}

  /** An ephemeral word of another member. */
  record Signal(String room, String name, String user, byte @Nullable [] data)
      implements ServerFrame {}

  /** A page of the log, ascending; {@code more}: there are further ones in the direction asked for. */
  record History(
      @Nullable String ref, String room, String epoch, List<Message> messages, boolean more)
      implements ServerFrame {}

  /** A page of who is in a room, by name, ascending; {@code more}: there are further ones after it. */
  record Present(
      @Nullable String ref, String room, long version, int count, List<User> users, boolean more)
      implements ServerFrame {}

  /**
   * What changed in a room's presence since the version before. All lists null: how many there are, and no more than that.
   */
  record Presence(
      String room, long version, int count, @Nullable Changes changes) implements ServerFrame {}

  /** Who came, who left, and who is in another state or has another name. */
  record Changes(List<Arrival> joined, List<String> left, List<Change> changed) {
    /** Whether there is nothing in it. */
    public boolean isEmpty() {
      return joined.isEmpty() && left.isEmpty() && changed.isEmpty();
    }
  }

  /** Someone who came. */
  record Arrival(String user, @Nullable String name) {}

  /** Someone who is there, and how. */
  record Change(String user, @Nullable String name, UserState state) {}

  /** Someone who is there, since when, and over how many connections. */
  record User(String user, @Nullable String name, int sessions, long since, UserState state) {}

  /** I am. */
  record Pong(@Nullable String ref, long time) implements ServerFrame {}

  /** The token ends soon, at {@code expires}; a fresh one is due. */
  record Expiring(long expires) implements ServerFrame {}

  /** The node is leaving: come back elsewhere after so many ms. */
  record Goaway(long reconnectAfter) implements ServerFrame {}

  /** The last frame. */
  record Bye(CloseCode code, @Nullable Long reconnectAfter) implements ServerFrame {}

  /** An {@code error}: a request was refused, or a frame was not understood; {@code retryAfter} in ms. */
  record Refused(
      @Nullable String ref,
      @Nullable String room,
      ErrorCode code,
      String message,
      @Nullable Long retryAfter)
      implements ServerFrame {}
}
