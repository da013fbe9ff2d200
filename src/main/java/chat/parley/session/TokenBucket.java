package chat.parley.session;

/**
 * A rate with bursts: so many a second, and twice as many at once after a pause. Time is given by the caller. Confined to its session's event loop.
 */
final class TokenBucket {
  private static final double SECOND = 1e9;

  private final double rate;
  private final double capacity;
  private double tokens;
  private long last;

  /** @param rate per second; 0: no limit */
  TokenBucket(long rate, long nanoTime) {
    this.rate = rate;
    this.capacity = rate * 2;
    this.tokens = capacity;
    this.last = nanoTime;
  }

  /** Takes one. @return 0 if it was there, else the ms until one will be */
  long take(long nanoTime) {
    if (rate == 0) {
      return 0;
    }
    tokens = Math.min(capacity, tokens + (nanoTime - last) * (rate / SECOND));
    last = nanoTime;
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((1 - tokens) * 1000 / rate));
  }
}
