package chat.parley.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a client may send (PROTOCOL.md, "Client → server"). {@code ref} is the client's own number or string for the
 * request, kept as the JSON token it came as (quotes included), so that it is answered with exactly what was sent.
 * {@code data} is the JSON text (UTF-8) as it came. All fields are already checked for form. Immutable by agreement: nobody
 * changes the arrays.
 */
public sealed interface ClientFrame {
  /** The request's own name, or null. */
  @Nullable
  String ref();

  /** A fresh token. */
  record Auth(@Nullable String ref, String token) implements ClientFrame {}

  /** Enter a room: resume after {@code since}, or begin with the {@code last} messages (0–100). */
  record Join(@Nullable String ref, String room, @Nullable Position since, int last)
      implements ClientFrame {}

  /** Leave a room. */
  record Leave(@Nullable String ref, String room) implements ClientFrame {}

  /** Say something, for good. {@code id} null: the server chooses one. {@code echo} false: not to this connection. */
  record Publish(
      @Nullable String ref, String room, @Nullable String id, byte[] data, boolean echo)
      implements ClientFrame {}

  /** Say something to whoever is there now. */
  record Signal(@Nullable String ref, String room, String name, byte @Nullable [] data)
      implements ClientFrame {}

  /** A page of the log: the {@code limit} (1–100) messages before or after a seq; neither: the newest. */
  record History(
      @Nullable String ref,
      String room,
      @Nullable Long before,
      @Nullable Long after,
      int limit) implements ClientFrame {}

  /** Who is in the room: the {@code limit} (1–500) users whose names come first, or first after {@code after}. */
  record Presence(
      @Nullable String ref, String room, @Nullable String after, int limit)
      implements ClientFrame {}

  /** Are you there? */
  record Ping(@Nullable String ref) implements ClientFrame {}
}
