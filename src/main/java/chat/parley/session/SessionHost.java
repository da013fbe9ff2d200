package chat.parley.session;

import chat.parley.auth.Authenticator;
import chat.parley.metrics.Metrics;
import chat.parley.room.Rooms;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * What the sessions of one event loop share. Immutable.
 *
 * @param node the node's id, as clients see it
 * @param rooms the rooms on this event loop
 */
public record SessionHost(
    Vertx vertx,
    String node,
    Rooms rooms,
    Authenticator authenticator,
    SessionSettings settings,
    Metrics metrics,
    InstantSource clock) {
  /** For measuring how long something takes. */
  long nanoTime() {
    return System.nanoTime();
  }
}
