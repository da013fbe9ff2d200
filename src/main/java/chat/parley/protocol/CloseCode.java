package chat.parley.protocol;

/**
 * Why the server ends a connection. The range tells the client what to do: 4000–4499 come back with jittered
 * backoff, 4500–4999 stay away; below 4000 is the stack's own (RFC 6455 §7.4): come back. Immutable.
 */
public enum CloseCode {
  BYE(1000, "bye"),
  LEAVING(1001, "node leaving"),
  PROTOCOL_ERROR(1002, "not the WebSocket protocol"),
  INVALID_UTF8(1007, "text that is not UTF-8"),
  TOO_BIG(1009, "frame over the limit"),
  TOKEN_EXPIRED(4401, "token expired"),
  HEARTBEAT_MISSED(4408, "heartbeat missed"),
  TOO_SLOW(4410, "too slow a reader"),
  FLOODING(4429, "flooding"),
  UNAVAILABLE(4430, "server cannot serve now"),
  TOO_MANY_BAD_FRAMES(4500, "too many bad frames"),
  NEVER_AUTHENTICATED(4501, "never authenticated"),
  BANNED(4503, "banned or disconnected by a moderator");

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The close frame's status code, repeated in {@code bye}. */
  public int code() {
    return code;
  }

  /** The close frame's reason: at most 123 bytes of UTF-8 (RFC 6455 §5.5). */
  public String reason() {
    return reason;
  }

  /** Whether a client that is told this should connect again. */
  public boolean reconnect() {
    return code < 4500;
  }
}
