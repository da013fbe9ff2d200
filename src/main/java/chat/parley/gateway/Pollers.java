package chat.parley.gateway;

import chat.parley.session.Session;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which SockJS session is whose: each request that a polling client makes is a sign of life, on whichever event loop it comes. Thread-safe: a concurrent map.
 */
final class Pollers {
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  void add(String path, Session session) {
    var name = Turnstile.session(path);
    if (!name.isEmpty()) {
      sessions.put(name, session);
    }
  }

  void remove(String path, Session session) {
    sessions.remove(Turnstile.session(path), session);
  }

  /** A request came in under that path. */
  void heard(String path) {
    var session = sessions.get(Turnstile.session(path));
    if (session != null) {
      session.heard();
    }
  }
}
