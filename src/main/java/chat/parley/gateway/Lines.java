package chat.parley.gateway;

import chat.parley.http.Hangup;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections over which SockJS sessions hear, so that one whose client takes nothing can be cut: the library has no way to. A polling client hears over another one
 * with each request. Thread-safe: a concurrent map.
 */
final class Lines {
  private final Map<String, HttpConnection> all = new ConcurrentHashMap<>();

  /** A session begins to hear over this request's connection. */
  void open(HttpServerRequest request) {
    all.put(Turnstile.session(request.path()), request.connection());
  }

  /** A request of a session came; perhaps it is the one over which it hears from now on. */
  void asked(HttpServerRequest request) {
    if (!request.path().endsWith("_send")) {
      all.computeIfPresent(
          Turnstile.session(request.path()), (session, before) -> request.connection());
    }
  }

  /** The session is over. */
  void forget(String path) {
    all.remove(Turnstile.session(path));
  }

  /** Closes the session's connection now, whatever waits to be sent. */
  void cut(String path) {
    var connection = all.get(Turnstile.session(path));
    if (connection != null) {
      Hangup.now(connection);
    }
  }

  /** Whether the request is of a session that is there already. */
  boolean has(HttpServerRequest request) {
    return all.containsKey(Turnstile.session(request.path()));
  }

  int size() {
    return all.size();
  }
}
