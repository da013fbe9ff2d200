package chat.parley.ops;

import chat.parley.metrics.Metrics;
import chat.parley.room.RoomNode;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Asks each event loop ten times a second for something and measures how late it comes to it. Confined to its event loop. */
public final class LoopLag {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final Metrics metrics;
  private final LongSupplier ticks;
  private long due;

  private LoopLag(Metrics metrics, LongSupplier ticks) {
    this.metrics = metrics;
    this.ticks = ticks;
    due = ticks.getAsLong() + PERIOD.toNanos();
  }

  /** Begins on each event loop of the node. */
  public static void watch(Vertx vertx, RoomNode rooms, Metrics metrics, LongSupplier ticks) {
    for (var loop : rooms.loops()) {
      loop.onLoop(() -> {
        var lag = new LoopLag(metrics, ticks);
        vertx.setPeriodic(PERIOD.toMillis(), timer -> lag.called());
      });
    }
  }

  private void called() {
    long now = ticks.getAsLong();
    metrics.loopLag(Duration.ofNanos(now - due));
    due = now + PERIOD.toNanos();
  }
}
