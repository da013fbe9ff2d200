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
  private final @Nullable CloseCode ending;

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
    this(code, ref, room, message, retryAfter, null);
  }

  private ProtocolException(
      ErrorCode code,
      @Nullable String ref,
      @Nullable String room,
      String message,
      @Nullable Long retryAfter,
      @Nullable CloseCode ending) {
    super(message, null, false, false);
    this.code = code;
    this.ref = ref;
    this.room = room;
    this.retryAfter = retryAfter;
    this.ending = ending;
  }

  /** A bad frame after which the connection may not go on (RFC 6455 §8.1): text that is not UTF-8. */
  static ProtocolException notUtf8(String message) {
    return new ProtocolException(
        ErrorCode.BAD_FRAME, null, null, message, null, CloseCode.INVALID_UTF8);
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

  /** What the connection has to end with, where the mistake leaves no choice; else null. */
  public @Nullable CloseCode ending() {
    return ending;
  }

  /** The frame that tells the client. */
  public ServerFrame.Refused frame() {
    return new ServerFrame.Refused(ref, room, code, String.valueOf(getMessage()), retryAfter);
  }
}
