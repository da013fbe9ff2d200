package chat.parley.auth;

import io.vertx.core.Future;

/** Where the keys come from that tokens are checked by. Thread-safe. */
public interface KeySource {
  /** The keys as they are known now. */
  KeySet keys();

  /**
   * Looks for newer keys, because a token names one that is not known; the same ones if none can be had now.
   * Completes on any thread.
   */
  Future<KeySet> newer();

  /** Whether it knows that none could be read yet, so that tokens can't be checked. */
  default boolean waiting() {
    return false;
  }

  /** No keys, and none to come. */
  static KeySource none() {
    return new KeySource() {
      @Override
      public KeySet keys() {
        return KeySet.EMPTY;
      }

      @Override
      public Future<KeySet> newer() {
        return Future.succeededFuture(KeySet.EMPTY);
      }
    };
  }
}
