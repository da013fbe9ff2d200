package chat.parley.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Lets those wait who are refused again and again: a client that comes back the moment it was refused gets its answer a second later, and costs a few requests a
 * second instead of thousands. Nobody else waits, since it is refusals alone that are counted, by address. Confined to its event loop.
 */
final class Tarpit {
  /** Refusals of an address in a second that are answered at once. */
  static final int AT_ONCE = 20;

  /** Those who wait at a time; beyond it answers are cheaper than memory. */
  static final int MOST = 500;

  private static final int ADDRESSES = 10_000;
  private static final long SECOND = 1_000_000_000;

  private final Vertx vertx;
  private final LongSupplier ticks;
  private final Map<String, Integer> refused = new HashMap<>();
  private long since;
  private int waiting;

  Tarpit(Vertx vertx, LongSupplier ticks) {
    this.vertx = vertx;
    this.ticks = ticks;
    this.since = ticks.getAsLong();
  }

  /** Has the request answered, now or in a while. */
  void answer(HttpServerRequest request, String address, Runnable answer) {
    if (!isLate(address) || waiting >= MOST) {
      answer.run();
      return;
    }
    waiting++;
    vertx.setTimer(1_000, timer -> {
      waiting--;
      if (!request.response().closed()) {
        answer.run();
      }
    });
  }

  private boolean isLate(String address) {
    long now = ticks.getAsLong();
    if (now - since >= SECOND || refused.size() >= ADDRESSES) {
      since = now;
      refused.clear();
    }
    return refused.merge(address, 1, Integer::sum) > AT_ONCE;
  }
}
