package chat.parley.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A client's mistake: it becomes an {@code error} frame and nothing else, so it carries no stack trace. The message is
 * for a person: what was wrong and what would be right. Immutable.
 */
public final class ProtocolException extends RuntimeException {
  private final ErrorCode code;
  private final @Nullable String ref;
  private final @Nullable String room;
  private final @Nullable Long retryAfter;

  public ProtocolException(
      ErrorCode code, @Nullable String ref, @Nullable String room, String message) {
    this(code, ref, room, message, null);
  }

  /** With the ms after which the same request may succeed. */
  public ProtocolException(
      ErrorCode code,
      @Nullable String ref,
      @Nullable String room,
      String message,
      @Nullable Long retryAfter) {
    super(message, null, false, false);
    this.code = code;
    this.ref = ref;
    this.room = room;
    this.retryAfter = retryAfter;
  }

  public ErrorCode code() {
    return code;
  }

  /** The request's {@code ref} where it could still be read. */
  public @Nullable String ref() {
    return ref;
  }

  /** The request's room where it could still be read. */
  public @Nullable String room() {
    return room;
  }

  /** The frame that tells the client. */
  public ServerFrame.Refused frame() {
    return new ServerFrame.Refused(ref, room, code, String.valueOf(getMessage()), retryAfter);
  }
}
