package chat.parley.session;

import java.time.Duration;

/**
 * Whether a session's peer lives. Whatever it says counts; who says nothing is asked. Confined to its session's event loop, but for {@link #seen}, which any
 * thread may ask.
 */
final class Heartbeat {
  private final SessionHost host;
  private final Transport transport;
  private Pulse pulse;
  private long backlog;
  private volatile long seen;

  Heartbeat(SessionHost host, Transport transport) {
    this.host = host;
    this.transport = transport;
    this.seen = host.clock().millis();
    this.pulse = pulse(Duration.ZERO);
  }

  private Pulse pulse(Duration phase) {
    var settings = host.settings();
    return new Pulse(settings.heartbeat(), settings.silence(), host.nanoTime(), phase);
  }

  /** Begins at that moment of the interval. @return nanoseconds until the first {@link #beat} */
  long begin(Duration phase) {
    pulse = pulse(phase);
    return pulse.rest(host.nanoTime());
  }

  void alive() {
    pulse.heard(host.nanoTime());
  }

  /** When the peer was last heard, ms since 1970, as it stood at the last beat. */
  long seen() {
    return seen;
  }

  /**
   * Asks for a sign of life if it is time to.
   *
   * @param deaf whether we don't listen, so that nothing could have been heard
   * @return nanoseconds until the next time; less than 0: the peer is lost
   */
  long beat(boolean deaf) {
    long now = host.nanoTime();
    if (readsOn() || deaf) {
      pulse.heard(now);
    }
    seen = host.clock().millis() - pulse.silent(now) / 1_000_000;
    if (pulse.isLost(now)) {
      host.metrics().heartbeatMissed();
      return -1;
    }
    if (pulse.ask(now) && transport.probe()) {
      host.metrics().heartbeatSent();
    }
    return pulse.rest(now);
  }

  /** Whether less waits for the peer than before: its answer may have to wait behind what it is still reading. */
  private boolean readsOn() {
    long before = backlog;
    backlog = transport.queuedBytes();
    return backlog < before;
  }
}
