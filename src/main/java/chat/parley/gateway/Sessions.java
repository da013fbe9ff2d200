package chat.parley.gateway;

import chat.parley.protocol.CloseCode;
import chat.parley.session.Session;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The sessions of one event loop, and their heartbeats: one timer for all of them, which asks a few each time, so that the whole round takes one
 * interval. Confined to its event loop.
 */
final class Sessions {
  /** How many ticks a round of heartbeats has. */
  static final int TICKS = 30;

  private final Set<Session> all = new LinkedHashSet<>();
  private final ArrayDeque<Session> round = new ArrayDeque<>();
  private int share;

  void add(Session session) {
    all.add(session);
  }

  boolean remove(Session session) {
    return all.remove(session);
  }

  int size() {
    return all.size();
  }

  /** The next share of a round of heartbeats. Call {@link #TICKS} times per interval. */
  void tick() {
    if (round.isEmpty()) {
      round.addAll(all);
      share = Math.max(1, (round.size() + TICKS - 1) / TICKS);
    }
    for (int i = 0; i < share && !round.isEmpty(); i++) {
      round.poll().heartbeat();
    }
  }

  /** Something was revoked or forbidden, perhaps to one of them. */
  void recheck() {
    Set.copyOf(all).forEach(Session::recheck);
  }

  /**
   * Says goodbye to everyone: the node is leaving.
   *
   * @param spreadMillis over which clients are asked to spread their return
   */
  void leave(long spreadMillis) {
    for (var session : Set.copyOf(all)) {
      session.end(CloseCode.LEAVING, ThreadLocalRandom.current().nextLong(spreadMillis + 1));
    }
  }
}
