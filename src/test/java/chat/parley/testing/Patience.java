package chat.parley.testing;

import java.time.Duration;

/**
 * How patient a client is: the bounds of its backoff, and how long a node may say nothing before it is asked, and again
 * before it is left; an upgrade may take twice as long.
 */
public record Patience(Duration firstDelay, Duration longestDelay, Duration silence) {
  /** For some hundred clients: back within a second of a node's death, a silent node is left after two. */
  public static Patience ofTests() {
    return new Patience(Duration.ofMillis(50), Duration.ofMillis(800), Duration.ofSeconds(1));
  }

  /** For thousands in one JVM: who hurries them on a busy machine gets a storm of reconnects. */
  public static Patience ofCrowds() {
    return new Patience(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(10));
  }
}
