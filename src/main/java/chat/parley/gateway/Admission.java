package chat.parley.gateway;

import chat.parley.http.Problem;
import chat.parley.metrics.Limit;
import chat.parley.metrics.Metrics;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts who is in, and lets no more in than there is room for: on the node, and from one address. A place is taken before the token is looked at, so
 * that whoever is one too many costs next to nothing. Thread-safe: atomics and a concurrent map.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  /** When a place may have become free. */
  private static final Duration LATER = Duration.ofSeconds(5);

  /** Not let in: there is no place. Stackless. */
  static final class FullException extends RuntimeException {
    private final int status;
    private final Duration retryAfter;

    FullException(int status, String detail, Duration retryAfter) {
      super(detail, null, false, false);
      this.status = status;
      this.retryAfter = retryAfter;
    }

    /** Whether the node has no place for anybody, or only not for this one. */
    boolean isOfNode() {
      return status == 503;
    }

    /** When it may be worth another try. */
    Duration retryAfter() {
      return retryAfter;
    }

    /** Tells it, and keeps no connection for somebody who is one too many. */
    void answer(HttpServerRequest request) {
      var response = request.response();
      response
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
          .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
      Problem.answer(
          response,
          status,
          status == 429 ? "Too many connections" : "Full",
          String.valueOf(getMessage()));
      request.connection().close().onFailure(gone -> {});
    }
  }

  private final AdmissionSettings settings;
  private final Metrics metrics;
  private final Proxies proxies;
  private final AtomicInteger inside = new AtomicInteger();
  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
  private volatile boolean proxyTold;

  Admission(AdmissionSettings settings, Metrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
    this.proxies = new Proxies(settings.proxies());
  }

  /** A connection's place. It has to be left, and may be left more than once. Thread-safe: an atomic. */
  final class Place {
    private final @Nullable String address;
    private final AtomicInteger held = new AtomicInteger(1);

    private Place(@Nullable String address) {
      this.address = address;
    }

    void leave() {
      if (held.getAndSet(0) == 1) {
        inside.decrementAndGet();
        if (address != null) {
          byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /** The client's address, as far as it can be believed. */
  String client(HttpServerRequest request) {
    return proxies.client(request);
  }

  /** The same, as it is counted: of an IPv6 address the network. */
  String counted(HttpServerRequest request) {
    return Proxies.counted(client(request));
  }

  /** Takes a place. @throws FullException if there is none */
  Place enter(HttpServerRequest request) {
    int now = inside.incrementAndGet();
    if (settings.node() > 0 && now > settings.node()) {
      inside.decrementAndGet();
      throw refused(503, Limit.CONNECTIONS, settings.node(), LATER);
    }
    var client = client(request);
    // Who is on this machine is a proxy that nobody named, or the operator: not one client.
    if (settings.address() == 0 || Proxies.isLoopback(client)) {
      return new Place(null);
    }
    var counted = Proxies.counted(client);
    int there = byAddress.merge(counted, 1, Integer::sum);
    var place = new Place(counted);
    if (there > settings.address()) {
      place.leave();
      tellOfProxy(request, client);
      throw refused(429, Limit.ADDRESS_CONNECTIONS, settings.address(), LATER);
    }
    return place;
  }

  int inside() {
    return inside.get();
  }

  int addresses() {
    return byAddress.size();
  }

  private FullException refused(int status, Limit limit, long number, Duration retryAfter) {
    metrics.limited(limit);
    return new FullException(status, limit.told(number), retryAfter);
  }

  private void tellOfProxy(HttpServerRequest request, String client) {
    if (!proxyTold && request.headers().contains("X-Forwarded-For")) {
      proxyTold = true;
      log.warn(
          "{} has all its limits.connectionsPerAddress. It sends X-Forwarded-For: if it is a proxy of yours, name it in http.proxies",
          client);
    }
  }
}
