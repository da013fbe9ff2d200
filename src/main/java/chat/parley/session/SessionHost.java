package chat.parley.session;

import chat.parley.audit.Audit;
import chat.parley.auth.Access;
import chat.parley.auth.Authenticator;
import chat.parley.metrics.Metrics;
import chat.parley.presence.Presence;
import chat.parley.registry.Registry;
import chat.parley.room.Rooms;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the sessions of one event loop share. Immutable.
 *
 * @param node the node's id, as clients see it
 * @param rooms the rooms on this event loop
 * @param presence presence on this event loop
 * @param registry where the sessions are told of
 * @param access what users may do in rooms
 * @param budgets what users may say over all their connections
 * @param audit where refusals are written down
 * @param ticks nanoseconds of no particular beginning, for measuring how long something takes
 */
public record SessionHost(
    Vertx vertx,
    String node,
    Rooms rooms,
    Presence presence,
    Registry registry,
    Authenticator authenticator,
    Access access,
    SessionSettings settings,
    Budgets budgets,
    Metrics metrics,
    Audit audit,
    InstantSource clock,
    LongSupplier ticks) {
  /** The system's own. */
  public static final LongSupplier TICKS = System::nanoTime;

  /** With the system's own ticks. */
  public SessionHost(
      Vertx vertx,
      String node,
      Rooms rooms,
      Presence presence,
      Registry registry,
      Authenticator authenticator,
      Access access,
      SessionSettings settings,
      Budgets budgets,
      Metrics metrics,
      Audit audit,
      InstantSource clock) {
    this(
        vertx,
        node,
        rooms,
        presence,
        registry,
        authenticator,
        access,
        settings,
        budgets,
        metrics,
        audit,
        clock,
        TICKS);
  }

  /** For measuring how long something takes. */
  long nanoTime() {
    return ticks.getAsLong();
  }
}
