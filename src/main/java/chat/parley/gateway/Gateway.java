package chat.parley.gateway;

import chat.parley.audit.Audit;
import chat.parley.auth.Access;
import chat.parley.auth.Authenticator;
import chat.parley.auth.Blocklist;
import chat.parley.metrics.Metrics;
import chat.parley.presence.PresenceNode;
import chat.parley.registry.Registry;
import chat.parley.registry.SessionInfo;
import chat.parley.relay.Relay;
import chat.parley.room.RoomNode;
import chat.parley.session.Budgets;
import chat.parley.session.SessionHost;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway verticles of a node share. Thread-safe: immutable but for two flags that any thread may read and set.
 */
public final class Gateway {
  private final GatewaySettings settings;
  private final RoomNode rooms;
  private final PresenceNode presence;
  private final Registry registry;
  private final @Nullable Relay relay;
  private final Authenticator authenticator;
  private final Access access;
  private final Blocklist blocks;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Consumer<Router> routes;
  private final Budgets budgets;
  private final Admission admission;
  private final Audit audit = new Audit(SessionHost.TICKS);
  private final Turnstile turnstile = new Turnstile();
  private final Pollers pollers = new Pollers();
  private final Lines lines = new Lines();
  private final SockJsSessions sockJsSessions = new SockJsSessions();
  private final AtomicInteger sessions = new AtomicInteger();
  private final List<Sessions> loops = new CopyOnWriteArrayList<>();
  private final AtomicLong farewells = new AtomicLong();
  private volatile boolean leaving;
  private volatile int port;

  /**
   * @param relay brings SockJS requests to the node of their session; null: they are expected to come here
   * @param routes adds the routes of other parts, before our own
   */
  public Gateway(
      GatewaySettings settings,
      RoomNode rooms,
      PresenceNode presence,
      Registry registry,
      @Nullable Relay relay,
      Authenticator authenticator,
      Access access,
      Blocklist blocks,
      Metrics metrics,
      InstantSource clock,
      Consumer<Router> routes) {
    this.settings = settings;
    this.rooms = rooms;
    this.presence = presence;
    this.registry = registry;
    this.relay = relay;
    this.authenticator = authenticator;
    this.access = access;
    this.blocks = blocks;
    this.metrics = metrics;
    this.clock = clock;
    this.routes = routes;
    this.budgets = new Budgets(
        settings.session().rates(),
        settings.admission().user(),
        SessionHost.TICKS,
        user -> registry
            .sessionsOf(user)
            .map(found -> found.stream().map(SessionInfo::node).toList()),
        metrics);
    this.admission = new Admission(settings.admission(), metrics);
    metrics.gauge("parley.connections", "Connections that are open now", sessions::get);
  }

  /** From now on nobody is let in, and the node says that it is not ready. */
  public void leave() {
    leaving = true;
  }

  /** Whether the node is on its way out. */
  public boolean leaving() {
    return leaving;
  }

  /** The port it listens on, once it does. */
  public int port() {
    return port;
  }

  void listening(int on) {
    port = on;
  }

  void counted(int change) {
    sessions.addAndGet(change);
  }

  /** How many sessions are open on this node. */
  int sessions() {
    return sessions.get();
  }

  void open(Sessions loop) {
    loops.add(loop);
  }

  /** The sessions of each event loop. */
  List<Sessions> loops() {
    return loops;
  }

  /** When the next one who is told goodbye may come back, in ms: one after the other. */
  long nextReturn() {
    return settings.drain().spread(farewells.getAndIncrement()).toMillis();
  }

  Turnstile turnstile() {
    return turnstile;
  }

  Budgets budgets() {
    return budgets;
  }

  Admission admission() {
    return admission;
  }

  Pollers pollers() {
    return pollers;
  }

  Lines lines() {
    return lines;
  }

  GatewaySettings settings() {
    return settings;
  }

  RoomNode rooms() {
    return rooms;
  }

  PresenceNode presence() {
    return presence;
  }

  Registry registry() {
    return registry;
  }

  @Nullable
  Relay relay() {
    return relay;
  }

  SockJsSessions sockJsSessions() {
    return sockJsSessions;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Blocklist blocks() {
    return blocks;
  }

  Audit audit() {
    return audit;
  }

  Access access() {
    return access;
  }

  Metrics metrics() {
    return metrics;
  }

  InstantSource clock() {
    return clock;
  }

  Consumer<Router> routes() {
    return routes;
  }
}
