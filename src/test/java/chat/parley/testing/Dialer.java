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
import java.util.function.Supplier;

/**
 * Where connections come from: one shared client per Vert.x, and an event loop of its own for each connection, so that
 * thousands spread over all loops whoever opens them. Thread-safe: no state.
 */
final class Dialer {
  private static final String NAME = "parley-tests";
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int MESSAGE_BYTES = 4 << 20;

  private Dialer() {}

  /** The WebSocket client of all tests on this Vert.x; keep it referenced while its sockets live. */
  static WebSocketClient webSockets(Vertx vertx) {
    var options = new WebSocketClientOptions();
    options.setShared(true).setName(NAME).setConnectTimeout((int) CONNECT.toMillis());
    // -1 ("no limit") makes every connection wait for ever.
    options.setMaxConnections(Integer.MAX_VALUE);
    options.setMaxFrameSize(MESSAGE_BYTES).setMaxMessageSize(MESSAGE_BYTES);
    return vertx.createWebSocketClient(options);
  }

  /** The HTTP client of all tests on this Vert.x. */
  static HttpClient http(Vertx vertx) {
    var options = new HttpClientOptions().setConnectTimeout((int) CONNECT.toMillis());
    // A SockJS server ends the connection after each poll without saying so: one that is reused may
    // break.
    options.setShared(true).setName(NAME).setKeepAlive(false);
    return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(10_000));
  }

  /** An event loop's context that no other connection was given before. */
  static Context ownLoop(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /** Starts something there. */
  static <T> Future<T> on(Context context, Supplier<Future<T>> work) {
    var promise = Promise.<T>promise();
    context.runOnContext(go -> work.get().onComplete(promise));
    return promise.future();
  }
}
