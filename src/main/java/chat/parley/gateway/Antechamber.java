package chat.parley.gateway;

import chat.parley.http.Hangup;
import chat.parley.http.Problem;
import chat.parley.metrics.Limit;
import chat.parley.metrics.Metrics;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop that are no WebSocket sessions. Each has a while to say what it wants, and no longer, however it drips; and only so many may be
 * about to. Confined to its event loop.
 */
final class Antechamber {
  /** So many times the patience a connection may be kept without another request. */
  private static final int IDLE = 4;

  private final int mostFresh;
  private final int most;
  private final long patience;
  private final LongSupplier ticks;
  private final Metrics metrics;
  private final Map<HttpConnection, Visitor> visitors = new LinkedHashMap<>();
  private final Map<HttpConnection, Visitor> fresh = new LinkedHashMap<>();

  /** Somebody who is waiting, is served, or was. */
  private static final class Visitor {
    long since;

    @Nullable
    HttpServerRequest request;

    boolean over;

    Visitor(long since) {
      this.since = since;
    }

    private boolean isServed() {
      return request != null && request.isEnded() && !request.response().ended();
    }

    /** Whether its request was answered since the last look. */
    private boolean isDone() {
      return request != null && request.isEnded() && request.response().ended();
    }
  }

  /**
   * @param mostFresh connections that have not brought a whole request yet; 0: no limit
   * @param most connections in all; 0: no limit
   * @param patience in which a request has to be whole
   */
  Antechamber(int mostFresh, int most, Duration patience, LongSupplier ticks, Metrics metrics) {
    this.mostFresh = mostFresh;
    this.most = most;
    this.patience = patience.toNanos();
    this.ticks = ticks;
    this.metrics = metrics;
  }

  /** A new connection. */
  void arrived(HttpConnection connection) {
    if (most > 0 && visitors.size() >= most) {
      metrics.limited(Limit.CONNECTIONS);
      Hangup.now(connection);
      return;
    }
    if (mostFresh > 0 && fresh.size() >= mostFresh) {
      // An honest one says what it wants within moments, so the one that has waited longest is most
      // likely to only take up space.
      var longest = fresh.keySet().iterator().next();
      metrics.limited(Limit.HANDSHAKES);
      left(longest);
      Hangup.now(longest);
    }
    var visitor = new Visitor(ticks.getAsLong());
    visitors.put(connection, visitor);
    fresh.put(connection, visitor);
    connection.closeHandler(closed -> left(connection));
  }

  /**
   * It has brought the head of a request.
   *
   * @return whether to serve it
   */
  boolean asks(HttpServerRequest request) {
    fresh.remove(request.connection());
    var visitor = visitors.get(request.connection());
    if (visitor == null || visitor.over) {
      Hangup.now(request.connection());
      return false;
    }
    visitor.request = request;
    visitor.since = ticks.getAsLong();
    var codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    if (!codings.isEmpty()) {
      // Where two readings of a body's length are possible (RFC 9112, 6.1), nothing that follows it
      // can be trusted.
      visitor.over = true;
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (!codings.stream().allMatch("chunked"::equalsIgnoreCase) || codings.size() > 1) {
      Problem.answer(
          request.response(), 400, "Unknown transfer coding", "expected: chunked, or a length");
      return false;
    }
    return true;
  }

  /** It is here no more: closed, or a session now. */
  void left(HttpConnection connection) {
    fresh.remove(connection);
    visitors.remove(connection);
  }

  /** Sends away who has taken too long. Call it about once a second. */
  void tick() {
    long now = ticks.getAsLong();
    var late = new ArrayList<HttpConnection>();
    visitors.forEach((connection, visitor) -> {
      if (visitor.isDone()) {
        visitor.request = null;
        visitor.since = now;
      }
      boolean idle = visitor.request == null && !fresh.containsKey(connection);
      if (!visitor.isServed() && now - visitor.since > (idle ? IDLE * patience : patience)) {
        late.add(connection);
      }
    });
    late.forEach(connection -> {
      left(connection);
      Hangup.now(connection);
    });
  }

  int size() {
    return visitors.size();
  }
}
