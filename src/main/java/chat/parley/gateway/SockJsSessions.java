package chat.parley.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The SockJS sessions over HTTP that this node has, by the ids that their clients chose. Thread-safe: a concurrent map. */
final class SockJsSessions {
  private final Map<String, Seat> seats = new ConcurrentHashMap<>();

  /** One session's place. Compared by identity: an id may come twice. Immutable. */
  static final class Seat {
    private final @Nullable String user;

    private Seat(@Nullable String user) {
      this.user = user;
    }

    /** Whether a request may use the session: one that began with a cookie goes on with a cookie of the same user. */
    boolean admits(@Nullable String cookieUser) {
      return user == null || user.equals(cookieUser);
    }
  }

  /**
   * A session begins.
   *
   * @param cookieUser whose cookie its first request had
   */
  Seat begin(String session, @Nullable String cookieUser) {
    var seat = new Seat(cookieUser);
    seats.put(session, seat);
    return seat;
  }

  @Nullable
  Seat get(String session) {
    return seats.get(session);
  }

  /** Whether it was there. */
  boolean remove(String session, Seat seat) {
    return seats.remove(session, seat);
  }
}
