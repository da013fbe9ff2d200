package chat.parley.gateway;

import chat.parley.protocol.CloseCode;
import chat.parley.session.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The sessions of one event loop, and their heartbeats: one timer for all of them. Each has its own moment in the interval, by a sequence that spreads any
 * number of them evenly, so that clients who come together are not asked together. Confined to its event loop; {@link #send} may be called on any thread, and what it
 * counts by is atomic.
 */
final class Sessions {
  /** Multiples of it, without their whole part, lie nowhere close together. */
  private static final double GOLDEN = 0.6180339887498949;

  /** Who was sent away and has not gone by then is told goodbye: not every client knows {@code goaway}. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** So many are told goodbye in one turn of the event loop. */
  private static final int SLICE = 50;

  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Map<Session, Wheel<Session>.Seat> all = new LinkedHashMap<>();
  private final Wheel<Session> wheel;
  /** When those that were sent away are to be gone. */
  private final Map<Session, Long> goers = new LinkedHashMap<>();

  private final AtomicInteger stayers = new AtomicInteger();
  private final Context context;
  private final Duration interval;
  private final LongSupplier ticks;
  private long added;

  Sessions(Context context, Duration interval, LongSupplier ticks) {
    this.context = context;
    this.interval = interval;
    this.ticks = ticks;
    this.wheel = new Wheel<>(interval, Session::heartbeat);
  }

  void add(Session session) {
    all.put(session, wheel.add(session, session.beat(phase(added++, interval))));
    stayers.incrementAndGet();
  }

  /** The moment in the interval of the session that was added as the n-th. */
  static Duration phase(long n, Duration interval) {
    return Duration.ofNanos((long) (interval.toNanos() * (n * GOLDEN % 1)));
  }

  boolean remove(Session session) {
    var seat = all.remove(session);
    if (seat != null) {
      seat.leave();
      goers.remove(session);
      if (!session.isSentAway()) {
        stayers.decrementAndGet();
      }
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
    long now = ticks.getAsLong();
    for (var goer = goers.entrySet().iterator(); goer.hasNext(); ) {
      var next = goer.next();
      if (next.getValue() - now > 0) {
        break; // sent later than this one
      }
      goer.remove();
      next.getKey().end(CloseCode.LEAVING, 0L);
    }
  }

  /**
   * Asks so many clients to go to another node, those first that have been here longest, each at a moment of its own within the spread.
   *
   * @return false if there were none left when this was called
   */
  boolean send(int most, Duration spread) {
    if (stayers.get() <= 0) {
      return false;
    }
    context.runOnContext(now -> {
      var oldest = all.keySet().stream()
          .filter(session -> !session.isSentAway())
          .limit(most)
          .toList();
      oldest.forEach(session -> send(session, spread));
    });
    return true;
  }

  private void send(Session session, Duration spread) {
    long wait = ThreadLocalRandom.current().nextLong(spread.toMillis() + 1);
    stayers.decrementAndGet();
    goers.put(session, ticks.getAsLong() + PATIENCE.plus(spread).toNanos());
    session.sendAway(wait);
  }

  /** Something was revoked or forbidden, perhaps to one of them. */
  void recheck() {
    List.copyOf(all.keySet()).forEach(Session::recheck);
  }

  /**
   * Says goodbye to everyone, some at a time: the node is leaving.
   *
   * @param returns when the next one may come back, in ms
   * @return done when all have been told
   */
  Future<Void> leave(LongSupplier returns) {
    Promise<Void> told = Promise.promise();
    leave(List.copyOf(all.keySet()).iterator(), returns, told);
    return told.future();
  }

  private void leave(Iterator<Session> rest, LongSupplier returns, Promise<Void> told) {
    for (int i = 0; i < SLICE && rest.hasNext(); i++) {
      rest.next().end(CloseCode.LEAVING, returns.getAsLong());
    }
    if (rest.hasNext()) {
      context.owner().setTimer(PAUSE.toMillis(), timer -> leave(rest, returns, told));
    } else {
      told.complete();
    }
  }
}
