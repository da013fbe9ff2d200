package chat.parley.testing;

import java.time.Duration;

/**
 * How patient a client is: the bounds of its backoff, and how long a node may say nothing before it is asked, and again
 * before it is left; an upgrade may take twice as long.
 */
public record Patience(Duration firstDelay, Duration longestDelay, Duration silence) {
  private static final double GROWTH = 1.5;

  /** For some hundred clients: back within a second of a node's death, a silent node is left after two. */
  public static Patience ofTests() {
    return new Patience(Duration.ofMillis(50), Duration.ofMillis(800), Duration.ofSeconds(1));
  }

  /** As parley.js comes back, and as the protocol tells other clients to; but a silent node is left sooner. */
  public static Patience ofClients() {
    return new Patience(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(1));
  }

  /** For thousands in one JVM: who hurries them on a busy machine gets a storm of reconnects. */
  public static Patience ofCrowds() {
    return new Patience(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  /** How long a client waits at most before it dials after so many attempts that failed. */
  Duration bound(int failures) {
    var grown = Math.round(firstDelay.toMillis() * Math.pow(GROWTH, failures));
    return Duration.ofMillis(Math.min(longestDelay.toMillis(), grown));
  }
}
