package chat.parley.session;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * The budgets of the users who are or were just here. One that is forgotten would be full anyway. Thread-safe: a concurrent map; whoever
 * comes first after a pause sweeps.
 */
public final class Budgets {
  private static final long SWEEP = Duration.ofSeconds(10).toNanos();

  private final Rates rates;
  private final LongSupplier ticks;
  private final ToIntFunction<String> nodes;
  private final Map<String, Budget> all = new ConcurrentHashMap<>();
  private final AtomicLong swept;

  /**
   * @param ticks nanoseconds of no particular beginning
   * @param nodes on how many nodes a user has sessions, as far as this one knows
   */
  public Budgets(Rates rates, LongSupplier ticks, ToIntFunction<String> nodes) {
    this.rates = rates;
    this.ticks = ticks;
    this.nodes = nodes;
    this.swept = new AtomicLong(ticks.getAsLong());
  }

  /** The user's, to be asked for anew each time. */
  Budget of(String user) {
    long now = ticks.getAsLong();
    sweep(now);
    var budget = all.computeIfAbsent(user, name -> new Budget(rates, now));
    budget.share(nodes.applyAsInt(user));
    return budget;
  }

  /** How long the user, who was closed for flooding, has to stay away; zero: not at all. */
  public Duration shutFor(String user) {
    var budget = all.get(user);
    return budget == null ? Duration.ZERO : Duration.ofNanos(budget.shutFor(ticks.getAsLong()));
  }

  /** The user's new connections are refused for so long. */
  void shut(String user, Duration time) {
    if (!user.isEmpty()) {
      of(user).shut(ticks.getAsLong() + time.toNanos());
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
