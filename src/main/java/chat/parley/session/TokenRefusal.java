package chat.parley.session;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.ServerFrame;
import org.jspecify.annotations.Nullable;

/** What a client is told whose fresh token is not taken. Pure. */
final class TokenRefusal {
  /** When a token that could not be checked is worth another try. */
  private static final long RETRY_MILLIS = 1_000;

  private TokenRefusal() {}

  /** The token is not good, or nobody can tell now. */
  static ServerFrame of(@Nullable String ref, Throwable cause) {
    return cause instanceof BadToken bad
        ? frame(ref, ErrorCode.UNAUTHENTICATED, String.valueOf(bad.getMessage()), null)
        : frame(
            ref,
            ErrorCode.UNAVAILABLE,
            "the token could not be checked now: try again",
            RETRY_MILLIS);
  }

  /** It is good, but somebody else's. */
  static ServerFrame ofAnotherUser(@Nullable String ref) {
    return frame(
        ref,
        ErrorCode.FORBIDDEN,
        "the token is another user's: open another connection for it",
        null);
  }

  private static ServerFrame frame(
      @Nullable String ref, ErrorCode code, String message, @Nullable Long retryAfter) {
    return new ServerFrame.Refused(ref, null, code, message, retryAfter);
  }
}
