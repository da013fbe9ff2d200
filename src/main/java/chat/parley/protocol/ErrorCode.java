package chat.parley.protocol;

/**
 * What an {@code error} frame may say went wrong with one request; the connection lives on. Immutable.
 */
public enum ErrorCode {
  BAD_FRAME("bad_frame", false),
  UNKNOWN_TYPE("unknown_type", false),
  BAD_REQUEST("bad_request", false),
  UNAUTHENTICATED("unauthenticated", false),
  FORBIDDEN("forbidden", false),
  NOT_JOINED("not_joined", false),
  ROOM_FULL("room_full", true),
  TOO_MANY_ROOMS("too_many_rooms", false),
  TOO_LARGE("too_large", false),
  RATE_LIMITED("rate_limited", true),
  UNAVAILABLE("unavailable", true),
  INTERNAL("internal", true);

  private final String wire;
  private final boolean retryable;

  ErrorCode(String wire, boolean retryable) {
    this.wire = wire;
    this.retryable = retryable;
  }

  /** The value of the frame's {@code code}. */
  public String wire() {
    return wire;
  }

  /** Whether the same request may succeed later; a retried publish keeps its {@code id}. */
  public boolean retryable() {
    return retryable;
  }
}
