package chat.parley.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Where a Vert.x's connections come from: one client of each kind, kept until that Vert.x closes, and an event loop of its own
 * for each connection, so that thousands spread over all loops whoever opens them. Thread-safe: immutable, the map of all is
 * concurrent.
 */
final class Dialer {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int MESSAGE_BYTES = 4 << 20;
  private static final Map<Vertx, Dialer> ALL = new ConcurrentHashMap<>();

  private final WebSocketClient webSockets;
  private final HttpClient http;

  private Dialer(Vertx vertx) {
    this.webSockets = webSockets(vertx);
    this.http = http(vertx);
    // A client that nobody references closes its sockets: until then the map does.
    ((VertxInternal) vertx).addCloseHook(closing -> {
      ALL.remove(vertx);
      closing.succeed();
    });
  }

  /** The dialer of all tests on this Vert.x. Who dials for long keeps it: a closed one refuses, a new one would leak. */
  static Dialer of(Vertx vertx) {
    return ALL.computeIfAbsent(vertx, Dialer::new);
  }

  WebSocketClient webSockets() {
    return webSockets;
  }

  HttpClient http() {
    return http;
  }

  private static WebSocketClient webSockets(Vertx vertx) {
    var options = new WebSocketClientOptions().setConnectTimeout((int) CONNECT.toMillis());
    // -1 ("no limit") makes every connection wait for ever.
    options.setMaxConnections(Integer.MAX_VALUE);
    options.setMaxFrameSize(MESSAGE_BYTES).setMaxMessageSize(MESSAGE_BYTES);
    return vertx.createWebSocketClient(options);
  }

  private static HttpClient http(Vertx vertx) {
    // A SockJS server ends the connection after each poll without saying so: one that is reused may
    // break.
    var options = new HttpClientOptions().setKeepAlive(false);
    options.setConnectTimeout((int) CONNECT.toMillis());
    return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(10_000));
  }

  /** An event loop's context that no other connection was given before. */
  static Context ownLoop(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /** Starts something there; what it throws is its failure. */
  static <T> Future<T> on(Context context, Supplier<Future<T>> work) {
    var promise = Promise.<T>promise();
    context.runOnContext(
        go -> Future.succeededFuture().compose(now -> work.get()).onComplete(promise));
    return promise.future();
  }
}
