package chat.parley.gateway;

import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets one thread at a time into a SockJS session. A polling client's requests come over several connections and so on several event loops at once, and the
 * library's sessions don't see to that themselves: two polls could both open the session, or a frame wait for the next one unseen. Thread-safe: striped
 * locks, held for the moments in which the library hands a request or a frame on, never while waiting.
 */
final class Turnstile {
  private static final int STRIPES = 256;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

  /** Runs the passage while no other one to the same session is under way; {@code uri} is {@code /sockjs/<server>/<session>/…}. */
  void pass(String uri, Runnable passage) {
    var lock = locks[Math.floorMod(session(uri).hashCode(), STRIPES)];
    lock.lock();
    try {
      passage.run();
    } finally {
      lock.unlock();
    }
  }

  /** The client's name for its session; empty where it has none. */
  static String session(String uri) {
    var parts = uri.split("/", 5);
    return parts.length > 3 ? parts[3] : "";
  }
}
