package chat.parley.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate with bursts: so much a second, and as much as the burst at once after a pause. Kept as the one moment at which the bucket would be full again. Time is
 * given by the caller. Thread-safe: that moment is one atomic.
 */
final class TokenBucket {
  private static final double SECOND = 1e9;
  private static final double MILLI = 1e6;

  private final double rate;
  private final long burst;
  private final AtomicLong fullAt;

  /**
   * With bursts of twice the rate.
   *
   * @param rate per second; 0: no limit
   */
  TokenBucket(long rate, long nanoTime) {
    this(rate, rate * 2, nanoTime);
  }

  /**
   * A full one.
   *
   * @param rate per second; 0: no limit
   * @param burst what may be taken at once
   */
  TokenBucket(long rate, long burst, long nanoTime) {
    this.rate = rate;
    this.burst = burst;
    this.fullAt = new AtomicLong(nanoTime);
  }

  /** Takes one. @return 0 if it was there, else the ms until one will be */
  long take(long nanoTime) {
    return take(nanoTime, 1, 1);
  }

  /**
   * Takes so many; more than the burst never fit, and may be taken from a full bucket.
   *
   * @param shares how many buckets share this one's rate
   * @return 0 if they were there, else the ms until they will be
   */
  long take(long nanoTime, long amount, int shares) {
    if (rate == 0) {
      return 0;
    }
    long nanos = nanos(amount, shares);
    long depth = nanos(burst, shares);
    while (true) {
      long before = fullAt.get();
      long from = Math.max(before - nanoTime, 0);
      long over = from + Math.min(nanos, depth) - depth;
      if (over > 0) {
        return Math.max(1, (long) Math.ceil(over / MILLI));
      }
      if (fullAt.compareAndSet(before, nanoTime + from + nanos)) {
        return 0;
      }
    }
  }

  /** Whether nothing is missing. */
  boolean isFull(long nanoTime) {
    return fullAt.get() - nanoTime <= 0;
  }

  private long nanos(long amount, int shares) {
    return (long) ((double) amount * SECOND * shares / rate);
  }
}
