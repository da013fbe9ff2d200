package chat.parley.presence;

import java.time.Duration;

/**
 * How presence is told. Immutable.
 *
 * @param grace how long someone whose connection broke may take to come back
 * @param full up to how many users a room's members are told who comes and goes; beyond it, only how many there are
 */
public record PresenceSettings(Duration grace, int full) {
  /** For how long nobody is told of a broken connection: most reloads are shorter. */
  static final Duration BLINK = Duration.ofMillis(250);

  /** How long the users of a node that died may take to come back elsewhere; noticing it takes its time too. */
  static final Duration LOST_GRACE = Duration.ofSeconds(1);

  Duration blink() {
    return shorter(BLINK);
  }

  Duration lostGrace() {
    return shorter(LOST_GRACE);
  }

  private Duration shorter(Duration than) {
    return grace.compareTo(than) < 0 ? grace : than;
  }
}
