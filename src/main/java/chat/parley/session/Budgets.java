package chat.parley.session;

import chat.parley.metrics.Limit;
import chat.parley.metrics.Metrics;
import chat.parley.protocol.CloseCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What users may do over all their connections: how many they may have, and what they may say. Each node gives a user an equal share of what the user may say, for as many nodes
 * as the user is on: never more than allowed in all for longer than it takes to learn of another node, perhaps less. A budget that is forgotten
 * would be full anyway. Thread-safe: a concurrent map; whoever comes first after a pause sweeps.
 */
public final class Budgets {
  /** When a place may have become free. */
  private static final Duration LATER = Duration.ofSeconds(5);

  private static final long SWEEP = Duration.ofSeconds(10).toNanos();

  /** How long it is believed on which nodes a user is. */
  private static final long LOOK = Duration.ofSeconds(5).toNanos();

  private final Rates rates;
  private final int connections;
  private final LongSupplier ticks;
  private final Function<String, Future<List<String>>> nodesOf;
  private final Metrics metrics;
  private final Map<String, Budget> all = new ConcurrentHashMap<>();
  private final AtomicLong swept;

  /** This user may not have one more connection now. Stackless. */
  public static final class NoRoomException extends RuntimeException {
    private final CloseCode ending;
    private final Duration retryAfter;

    private NoRoomException(CloseCode ending, String words, Duration retryAfter) {
      super(words, null, false, false);
      this.ending = ending;
      this.retryAfter = retryAfter;
    }

    CloseCode ending() {
      return ending;
    }

    /** When it is worth another try. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * Nobody has said anything yet.
   *
   * @param connections of a user in the cluster; 0: no limit
   * @param ticks nanoseconds of no particular beginning
   * @param nodesOf the node of each session of a user
   */
  public Budgets(
      Rates rates,
      int connections,
      LongSupplier ticks,
      Function<String, Future<List<String>>> nodesOf,
      Metrics metrics) {
    this.rates = rates;
    this.connections = connections;
    this.ticks = ticks;
    this.nodesOf = nodesOf;
    this.metrics = metrics;
    this.swept = new AtomicLong(ticks.getAsLong());
  }

  /** Whether this user may have one more connection. Fails with {@link NoRoomException}; if the cluster can't tell, it may. */
  public Future<Void> admit(String user) {
    var shut = shutFor(user);
    if (!shut.isZero()) {
      return refused(Limit.FLOODING, CloseCode.FLOODING, shut.toSeconds() + 1, shut);
    }
    long wait = rates.opens() == 0 ? 0 : known(user, ticks.getAsLong()).open(ticks.getAsLong());
    if (wait > 0) {
      return refused(Limit.OPENS, CloseCode.UNAVAILABLE, rates.opens(), Duration.ofMillis(wait));
    }
    if (connections == 0) {
      return Future.succeededFuture();
    }
    return nodesOf
        .apply(user)
        .otherwise(List.of())
        .compose(nodes -> nodes.size() < connections
            ? Future.succeededFuture()
            : refused(Limit.USER_CONNECTIONS, CloseCode.UNAVAILABLE, connections, LATER));
  }

  private Future<Void> refused(Limit limit, CloseCode ending, long number, Duration retryAfter) {
    metrics.limited(limit);
    return Future.failedFuture(new NoRoomException(ending, limit.told(number), retryAfter));
  }

  /** The user's, to be asked for anew each time. */
  Budget of(String user) {
    long now = ticks.getAsLong();
    var budget = known(user, now);
    if (budget.looks(now, LOOK)) {
      nodesOf
          .apply(user)
          .onSuccess(nodes -> budget.share(Set.copyOf(nodes).size()))
          .onFailure(unknown -> {}); // what was known goes on to hold
    }
    return budget;
  }

  private Budget known(String user, long now) {
    sweep(now);
    return all.computeIfAbsent(user, name -> new Budget(rates, connections, now));
  }

  /** How long the user, who was closed for flooding, has to stay away; zero: not at all. */
  Duration shutFor(String user) {
    var budget = all.get(user);
    return budget == null ? Duration.ZERO : Duration.ofNanos(budget.shutFor(ticks.getAsLong()));
  }

  /** The user's new connections are refused for so long. */
  void shut(String user, Duration time) {
    if (!user.isEmpty()) {
      of(user).shut(ticks.getAsLong() + time.toNanos());
    }
  }

  /** The user was sent away for what it sent: once may be a mistake, who comes back for more of it is kept out for so long. */
  void strike(String user, Duration time) {
    if (!user.isEmpty() && known(user, ticks.getAsLong()).strike(ticks.getAsLong())) {
      metrics.limited(Limit.FLOODING);
      shut(user, time);
    }
  }

  int size() {
    return all.size();
  }

  private void sweep(long now) {
    long last = swept.get();
    if (now - last > SWEEP && swept.compareAndSet(last, now)) {
      all.values().removeIf(budget -> budget.isIdle(now));
    }
  }
}
