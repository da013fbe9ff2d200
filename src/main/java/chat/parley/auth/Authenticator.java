package chat.parley.auth;

import io.vertx.core.Future;

/** Tells who is speaking. Thread-safe. */
public interface Authenticator {
  /**
   * Checks the token; fails with {@link BadToken}, whose message may be shown to the client and never holds the token, or with
   * {@link Unchecked}.
   */
  Future<Identity> authenticate(String token);

  /** The token is not accepted. Stackless. */
  final class BadToken extends RuntimeException {
    public BadToken(String message) {
      super(message, null, false, false);
    }
  }

  /** Whether the token is good can't be told now, for want of keys. Stackless. */
  final class Unchecked extends RuntimeException {
    public Unchecked() {
      super("the keys to check tokens by can't be read now", null, false, false);
    }
  }
}
