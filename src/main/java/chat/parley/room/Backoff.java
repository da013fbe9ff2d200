package chat.parley.room;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When a question that the cluster could not answer is asked again. Pure, but for chance. */
final class Backoff {
  /** The longest wait: after the cluster has recovered, its rooms are at most so much later. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  private Backoff() {}

  /**
   * A delay that doubles with each failure, up to {@link #LONGEST}, with chance in its second half: the rooms that were refused
   * in one moment don't come back in one.
   */
  static Duration after(int failures, Duration first) {
    long bound = Math.min(LONGEST.toMillis(), first.toMillis() << Math.min(failures, 10));
    return Duration.ofMillis(bound - ThreadLocalRandom.current().nextLong(bound / 2 + 1));
  }
}
