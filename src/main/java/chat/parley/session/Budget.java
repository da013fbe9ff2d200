package chat.parley.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one user may say on this node, over all connections and also over reconnecting: a node's share of what the user may say in the cluster. Thread-safe: buckets
 * are, the rest is volatile.
 */
final class Budget {
  /** So often within a moment a user may be sent away for what it sent, and once in so many seconds after that. */
  private static final int STRIKES = 3;

  private static final int STRIKE_SECONDS = 10;

  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final TokenBucket opens;
  private final TokenBucket strikes;
  private volatile long shutUntil;
  private final AtomicLong looked;
  private volatile int shares = 1;

  /** @param atOnce connections that may be opened at once */
  Budget(Rates rates, long atOnce, long nanoTime) {
    this.messages = new TokenBucket(rates.userMessages(), nanoTime);
    this.bytes = new TokenBucket(rates.userBytes(), nanoTime);
    this.opens = new TokenBucket(rates.opens(), Math.max(2L * rates.opens(), atOnce), nanoTime);
    this.strikes = new TokenBucket(1, STRIKES * STRIKE_SECONDS, nanoTime);
    this.shutUntil = nanoTime;
    this.looked = new AtomicLong(nanoTime - Long.MAX_VALUE / 2);
  }

  /** Takes one message. @return 0, or the ms to wait */
  long message(long nanoTime) {
    return messages.take(nanoTime, 1, shares);
  }

  /** Takes its bytes. @return 0, or the ms to wait */
  long bytes(long nanoTime, int count) {
    return bytes.take(nanoTime, count, shares);
  }

  /** Takes a new connection. @return 0, or the ms to wait */
  long open(long nanoTime) {
    return opens.take(nanoTime, 1, shares);
  }

  /** The user was sent away for what it sent. @return whether that was once too often */
  boolean strike(long nanoTime) {
    return strikes.take(nanoTime, STRIKE_SECONDS, 1) > 0;
  }

  /** On so many nodes this user's sessions share what the user may say. */
  void share(int nodes) {
    shares = Math.max(1, nodes);
  }

  /** Whether it is the caller's turn to look on which nodes the user is; once in a while. */
  boolean looks(long nanoTime, long every) {
    long last = looked.get();
    return nanoTime - last >= every && looked.compareAndSet(last, nanoTime);
  }

  void shut(long until) {
    shutUntil = until;
  }

  /** The nanoseconds for which the user's new connections are refused. */
  long shutFor(long nanoTime) {
    return Math.max(0, shutUntil - nanoTime);
  }

  /** Whether forgetting it changes nothing. */
  boolean isIdle(long nanoTime) {
    return messages.isFull(nanoTime)
        && bytes.isFull(nanoTime)
        && opens.isFull(nanoTime)
        && strikes.isFull(nanoTime)
        && shutFor(nanoTime) == 0;
  }
}
