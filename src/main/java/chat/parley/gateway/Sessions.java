package chat.parley.gateway;

import chat.parley.protocol.CloseCode;
import chat.parley.session.Session;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The sessions of one event loop, and their heartbeats: one timer for all of them. Each has its own moment in the interval, by a sequence that spreads any
 * number of them evenly, so that clients who come together are not asked together. Confined to its event loop.
 */
final class Sessions {
  /** Multiples of it, without their whole part, lie nowhere close together. */
  private static final double GOLDEN = 0.6180339887498949;

  private final Map<Session, Wheel<Session>.Seat> all = new LinkedHashMap<>();
  private final Wheel<Session> wheel;
  private final Duration interval;
  private long added;

  Sessions(Duration interval) {
    this.interval = interval;
    this.wheel = new Wheel<>(interval, Session::heartbeat);
  }

  void add(Session session) {
    all.put(session, wheel.add(session, session.beat(phase(added++, interval))));
  }

  /** The moment in the interval of the session that was added as the n-th. */
  static Duration phase(long n, Duration interval) {
    return Duration.ofNanos((long) (interval.toNanos() * (n * GOLDEN % 1)));
  }

  boolean remove(Session session) {
    var seat = all.remove(session);
    if (seat != null) {
      seat.leave();
    }
    return seat != null;
  }

  int size() {
    return all.size();
  }

  /** How often {@link #tick} is to be called. */
  Duration period() {
    return wheel.tick();
  }

  /** Looks at the sessions whose turn it is. */
  void tick() {
    wheel.turn();
  }

  /** Something was revoked or forbidden, perhaps to one of them. */
  void recheck() {
    List.copyOf(all.keySet()).forEach(Session::recheck);
  }

  /**
   * Says goodbye to everyone: the node is leaving.
   *
   * @param spreadMillis over which clients are asked to spread their return
   */
  void leave(long spreadMillis) {
    for (var session : List.copyOf(all.keySet())) {
      session.end(CloseCode.LEAVING, ThreadLocalRandom.current().nextLong(spreadMillis + 1));
    }
  }
}
