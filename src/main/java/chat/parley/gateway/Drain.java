package chat.parley.gateway;

import chat.parley.cluster.Cluster;
import chat.parley.registry.Lease;
import chat.parley.registry.Registry;
import chat.parley.session.SessionHost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a node before it ends: nobody is let in any more, its clients are sent to the other nodes one after the other, and it stays until nobody is missed and
 * the cluster can do without it. Confined to the event loop that it is run on.
 */
public final class Drain {
  private static final Logger log = LoggerFactory.getLogger("parley.drain");

  /** Until the other nodes know, so that those that leave together share the rate from the beginning. */
  private static final Duration NOTICE = Duration.ofMillis(1_500);

  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Clients don't act at the very moment they are told: the rest is for those that are late. */
  private static final double MARGIN = 0.8;

  /**
   * How a node leaves.
   *
   * @param limit within which its clients are gone
   * @param rate connections a second that leaving nodes together send to the others
   * @param grace in which the others may wait for a client that is on its way
   */
  public record Settings(Duration limit, int rate, Duration grace) {
    /** Of so many connections, the pause before the last one comes back. */
    Duration spread(long connections) {
      return Duration.ofMillis((long) (connections * 1_000 / (rate * MARGIN)));
    }
  }

  private final Vertx vertx;
  private final Gateway gateway;
  private final Registry registry;
  private final Cluster cluster;
  private final Settings settings;
  private final LongSupplier ticks = SessionHost.TICKS;
  private long began;
  private int staying;
  private int leaving = 1;
  private double due;
  private int turn;

  public Drain(Vertx vertx, Gateway gateway, Registry registry, Cluster cluster) {
    this.vertx = vertx;
    this.gateway = gateway;
    this.registry = registry;
    this.cluster = cluster;
    this.settings = gateway.settings().drain();
  }

  /** Done when the node may end. Never fails. */
  public Future<Void> run() {
    began = ticks.getAsLong();
    gateway.leave();
    registry.tellNow();
    staying = cluster.nodes().size() - 1;
    int sessions = gateway.sessions();
    if (staying == 0) {
      return Future.succeededFuture(); // nobody would take them: who ends says goodbye
    }
    log.info(
        "Leaving: {} clients go to {} other nodes within {} s",
        sessions,
        staying,
        settings.limit().toSeconds());
    if (settings.spread(sessions).plus(NOTICE).compareTo(settings.limit()) > 0) {
      log.warn(
          "At drain.rate {} that takes {} s: the last ones will be told goodbye, and be missed",
          settings.rate(),
          settings.spread(sessions).toSeconds());
    }
    var looking = vertx.setPeriodic(1, LOOK.toMillis(), timer -> look());
    return (sessions == 0 ? Future.<Void>succeededFuture() : move())
        .compose(moved -> until(LOOK, () -> cluster.safe() || staying == 0))
        .onComplete(done -> {
          vertx.cancelTimer(looking);
          log.info(
              "Left by all but {} clients after {} ms",
              gateway.sessions(),
              passed().toMillis());
        });
  }

  private Future<Void> move() {
    return wait(NOTICE)
        .compose(told -> until(TICK, this::send))
        .compose(gone -> wait(shorter(settings.grace(), settings.limit().minus(passed()))));
  }

  /** How many nodes stay, and how many leave with this one. */
  private void look() {
    registry
        .nodes()
        .onSuccess(leases -> {
          var self = cluster.nodeId();
          var others =
              leases.stream().filter(lease -> !lease.node().equals(self)).toList();
          int away = (int) others.stream().filter(Lease::leaving).count();
          staying = others.size() - away;
          leaving = 1 + away;
        })
        .onFailure(cause -> log.debug("Who else leaves is not known: {}", cause.getMessage()));
  }

  /** @return whether nobody is left to be sent, or there is nowhere to send them */
  private boolean send() {
    if (gateway.sessions() == 0 || staying == 0) {
      return true;
    }
    if (cluster.safe() || isUrgent()) {
      sendSome();
    }
    return false;
  }

  /** While rooms move, who comes in waits for them, and is missed: so nobody is sent then, as long as there is time for the rest later. */
  private boolean isUrgent() {
    var needed = settings.spread(gateway.sessions()).multipliedBy(leaving).plus(Sessions.PATIENCE);
    return passed().plus(needed).compareTo(settings.limit()) > 0;
  }

  private void sendSome() {
    double share = settings.rate() * MARGIN * TICK.toMillis() / 1_000 / leaving;
    // What a late tick could not send is not made up for: it would come all at once.
    due = Math.min(due + share, Math.max(1, 2 * share));
    var loops = gateway.loops();
    for (int idle = 0; due >= 1 && idle < loops.size(); turn++) {
      if (loops.get(turn % loops.size()).send(1, TICK)) {
        due--;
        idle = 0;
      } else {
        idle++;
      }
    }
  }

  private Future<Void> wait(Duration time) {
    if (time.toMillis() <= 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(time.toMillis()).mapEmpty();
  }

  /** Done when it is so, or the time is over. */
  private Future<Void> until(Duration pause, BooleanSupplier reached) {
    Promise<Void> done = Promise.promise();
    if (reached.getAsBoolean()) {
      return Future.succeededFuture();
    }
    vertx.setPeriodic(pause.toMillis(), timer -> {
      if (reached.getAsBoolean() || passed().compareTo(settings.limit()) > 0) {
        vertx.cancelTimer(timer);
        done.complete();
      }
    });
    return done.future();
  }

  private Duration passed() {
    return Duration.ofNanos(ticks.getAsLong() - began);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
