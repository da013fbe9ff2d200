package chat.parley.testing;

import java.time.Duration;

/**
 * A client was cut off: when its connection ended, when it was welcomed on the one that lasted, when it was back in the last of its rooms,
 * and when it had caught up in all of them; in ns of the journals' clock. Immutable.
 */
public record Outage(long began, long welcomed, long joined, long over) {
  /** From the end of the connection until the client had caught up. */
  public Duration whole() {
    return Duration.ofNanos(over - began);
  }

  /** Until it was welcomed: its own waiting, and the dialling. */
  public Duration connecting() {
    return Duration.ofNanos(welcomed - began);
  }

  /** From the welcome until it was back in all of its rooms. */
  public Duration joining() {
    return Duration.ofNanos(joined - welcomed);
  }

  /** From then on until it had what it had missed. */
  public Duration catchingUp() {
    return Duration.ofNanos(over - joined);
  }
}
