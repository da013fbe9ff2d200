package chat.parley.fault;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * How long a test of faults lasts, which dice it throws and how patient it is. {@code -Dseed} makes the same choices again
 * (the times at which they take effect are the machine's). Every test runs its round once; {@code -Dminutes} is shared out
 * among the tests, each of which repeats its round until its share is over. {@code -Dslack} multiplies what is promised in
 * seconds, for machines that have other work to do meanwhile. Confined to the test's thread.
 */
final class Plan {
  /** Tests that share the minutes. */
  private static final int SHARES = 7;

  private final String test;
  private final long seed = Long.getLong("seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private final Duration share = Duration.ofMinutes(Long.getLong("minutes", 0)).dividedBy(SHARES);
  private final int slack = Integer.getInteger("slack", 1);
  private int round;

  private Plan(String test) {
    this.test = test;
  }

  static Plan of(Object test) {
    return new Plan(test.getClass().getSimpleName());
  }

  /** What is promised within this time, on this machine. */
  Duration within(Duration promised) {
    return promised.multipliedBy(slack);
  }

  String test() {
    return test;
  }

  /** Runs the round once, and again while there is time left, each with dice of its own. */
  void rounds(Consumer<Random> one) {
    var end = System.nanoTime() + share.toNanos();
    do {
      round++;
      say("seed %d, round %d".formatted(seed, round));
      one.accept(new Random(seed * 1_000 + round));
    } while (end - System.nanoTime() > 0);
  }

  /** The round that runs, from 1. */
  int round() {
    return round;
  }

  /** A line of the report. */
  void say(String line) {
    System.out.println("[faults] " + test + ": " + line);
  }
}
