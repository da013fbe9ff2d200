package chat.parley.session;

import java.time.Duration;

/**
 * When a peer was last heard, when it is to be asked for a sign of life, and when it is given up. Each peer has a moment of its own in the interval at which it
 * is asked, so that many are not asked at once; who was heard so lately that the next time will do is not asked. Times are nanoseconds of the caller's
 * clock. Confined to its session's event loop.
 */
final class Pulse {
  private final long interval;
  private final long silence;
  /** What a peer has at least between being asked and being given up. */
  private final long answer;

  private long heardAt;
  private long askAt;

  /** @param phase until it is asked first */
  Pulse(Duration interval, Duration silence, long now, Duration phase) {
    this.interval = interval.toNanos();
    this.silence = silence.toNanos();
    this.answer = Math.min(this.interval, (this.silence - this.interval) / 2);
    this.heardAt = now;
    this.askAt = now + phase.toNanos();
  }

  void heard(long now) {
    heardAt = now;
  }

  /** How long it has said nothing. */
  long silent(long now) {
    return now - heardAt;
  }

  boolean isLost(long now) {
    return silent(now) > silence;
  }

  /** Whether it is to be asked now; says so once per interval. */
  boolean ask(long now) {
    if (now - askAt < 0) {
      return false;
    }
    askAt += interval * ((now - askAt) / interval + 1);
    long silent = silent(now);
    // Also for the proxies on the way: none may see nothing for much longer than an interval.
    return silent > interval / 2 || silent + interval + answer > silence;
  }

  /** Nanoseconds until it is to be looked at again. */
  long rest(long now) {
    return Math.max(0, Math.min(askAt - now, heardAt + silence - now));
  }
}
