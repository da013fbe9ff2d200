package chat.parley;

import chat.parley.api.GuestApi;
import chat.parley.api.ModerationApi;
import chat.parley.api.ServerApi;
import chat.parley.auth.Access;
import chat.parley.auth.Authenticator;
import chat.parley.auth.Blocklist;
import chat.parley.auth.GuestTokens;
import chat.parley.auth.Unrevoked;
import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.config.Config;
import chat.parley.config.Limits;
import chat.parley.gateway.AdmissionSettings;
import chat.parley.gateway.Drain;
import chat.parley.gateway.Gateway;
import chat.parley.gateway.GatewaySettings;
import chat.parley.gateway.GatewayVerticle;
import chat.parley.metrics.Metrics;
import chat.parley.ops.LoopLag;
import chat.parley.ops.OpsApi;
import chat.parley.presence.PresenceNode;
import chat.parley.presence.PresenceSettings;
import chat.parley.registry.Registry;
import chat.parley.relay.Relay;
import chat.parley.room.Retention;
import chat.parley.room.RetentionRules;
import chat.parley.room.RoomNode;
import chat.parley.room.RoomState;
import chat.parley.session.Rates;
import chat.parley.session.SessionHost;
import chat.parley.session.SessionSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node: everything that one process runs, wired together here and nowhere else. It starts from the cluster outwards and so is
 * ready before the first client gets in; Vert.x ends it in the other order. Confined to its event loop.
 */
final class Node extends VerticleBase {
  private static final String GUEST_SECRET = "guest-secret";

  /** Where tokens may run for as long as they like. */
  private static final Duration REVOCATIONS = Duration.ofDays(30);

  private final Config config;
  private final Clustering clustering;
  private final PrometheusMeterRegistry meters;
  private final int gateways;
  private final InstantSource clock = InstantSource.system();
  private @Nullable Cluster cluster;
  private volatile @Nullable Registry registry;
  private volatile @Nullable Gateway gateway;
  private volatile @Nullable Drain drain;

  /**
   * @param meters where the meters are
   * @param gateways instances of the gateway; 0: one per event loop
   */
  Node(Config config, Clustering clustering, PrometheusMeterRegistry meters, int gateways) {
    this.config = config;
    this.clustering = clustering;
    this.meters = meters;
    this.gateways = gateways;
  }

  @Override
  public Future<?> start() {
    var metrics = new Metrics(meters);
    meters.getPrometheusRegistry().register(metrics.collector());
    var here = clustering.open(vertx);
    cluster = here;
    metrics.gauge(
        "parley.cluster.nodes",
        "Nodes that this one sees, itself included",
        () -> here.nodes().size());
    metrics.gauge(
        "parley.cluster.safe", "1 while every room has its backups", () -> here.safe() ? 1 : 0);
    SharedMap<RoomState> kept = here.map(RoomNode.MAP);
    metrics.gauge("parley.rooms", "Rooms that this node keeps for the cluster", kept::owned);
    return secret(here)
        .compose(secret -> TokenKeys.authenticator(vertx, config.auth(), secret, clock)
            .compose(signatures -> openRooms(here, metrics)
                .compose(rooms -> Blocklist.start(vertx, here, clock)
                    .compose(blocks -> openPresence(here, rooms, metrics)
                        .compose(presence -> openGateways(
                            here, rooms, presence, signatures, blocks, secret, metrics))))));
  }

  private Future<PresenceNode> openPresence(Cluster here, RoomNode rooms, Metrics metrics) {
    var settings =
        new PresenceSettings(config.presence().grace(), config.presence().full());
    return PresenceNode.start(vertx, here, rooms, settings, clock, metrics);
  }

  private Future<RoomNode> openRooms(Cluster here, Metrics metrics) {
    return RoomNode.start(vertx, here, retention(), clock, config.publish().timeout(), metrics)
        .onSuccess(rooms -> LoopLag.watch(vertx, rooms, metrics, SessionHost.TICKS))
        .compose(rooms -> openRegistry(here, rooms, metrics).map(rooms));
  }

  private Future<Registry> openRegistry(Cluster here, RoomNode rooms, Metrics metrics) {
    var settings = new Registry.Settings(Banner.release(), config.heartbeat().interval());
    return Registry.start(vertx, here, clock, settings, new Health(this, rooms, clock), metrics)
        .onSuccess(started -> registry = started);
  }

  /** Where clients reach this node; one that listens everywhere is reached where the others reach it. */
  String address() {
    var host = config.http().host();
    var everywhere = host.equals("0.0.0.0") || host.equals("::");
    return (everywhere ? config.cluster().host() : host) + ":" + port();
  }

  /** How long a revocation lasts that names no end: as long as the tokens do. */
  private Duration revocations() {
    var longest = config.auth().lifetime();
    return longest.isZero() ? REVOCATIONS : longest.plus(config.auth().leeway());
  }

  /** The configured secret, or one that the nodes agree on if guests need one; null: nobody does. */
  private Future<@Nullable String> secret(Cluster here) {
    var configured = config.auth().secret();
    return configured != null || !config.auth().guests()
        ? Future.succeededFuture(configured)
        : here.agree(GUEST_SECRET, randomSecret()).map(agreed -> agreed);
  }

  private static String randomSecret() {
    var bytes = new byte[48];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private Future<?> openGateways(
      Cluster here,
      RoomNode rooms,
      PresenceNode presence,
      Authenticator signatures,
      Blocklist blocks,
      @Nullable String secret,
      Metrics metrics) {
    var authenticator = new Unrevoked(signatures, blocks);
    var moderation = new ModerationApi(authenticator, blocks, revocations(), clock);
    var guests = new GuestApi(
        config.auth().guests() && secret != null
            ? new GuestTokens(secret, TokenKeys.rules(config.auth()), clock)
            : null,
        authenticator);
    var ops = new OpsApi(
        here,
        rooms::roomCount,
        () -> gateway == null || gateway.leaving(),
        meters,
        config.metrics().port());
    var sessions = Objects.requireNonNull(registry);
    var programs =
        new ServerApi(authenticator, rooms, presence, sessions, config.limits().frame());
    Consumer<Router> routes = router -> {
      ops.mount(vertx, router);
      guests.mount(router);
      moderation.mount(router);
      programs.mount(router);
    };
    var opened = new Gateway(
        settings(),
        rooms,
        presence,
        sessions,
        relay(here, metrics),
        authenticator,
        new Access(config.access().rules(), blocks),
        blocks,
        metrics,
        clock,
        routes);
    gateway = opened;
    return programs
        .listen(vertx)
        .compose(heard -> ops.listen(vertx, config.http().host()))
        .compose(metricsOpen -> vertx.deployVerticle(
            () -> new GatewayVerticle(opened),
            new DeploymentOptions().setInstances(gateways > 0 ? gateways : rooms.loopCount())))
        .onSuccess(open -> drain = new Drain(vertx, opened, sessions, here));
  }

  private @Nullable Relay relay(Cluster here, Metrics metrics) {
    var sockJs = config.sockjs();
    return clustering.joins() && sockJs.enabled() && sockJs.forward()
        ? Relay.start(vertx, here, clock, metrics, clustering.tls())
        : null;
  }

  private RetentionRules retention() {
    var history = config.history();
    return new RetentionRules(
        new Retention(history.size(), history.age().toMillis(), history.ids()),
        history.rules().stream()
            .map(rule -> new RetentionRules.Rule(
                rule.pattern(),
                new Retention(
                    rule.size(), rule.age().toMillis(), Math.max(rule.size(), history.ids()))))
            .toList());
  }

  private GatewaySettings settings() {
    var limits = config.limits();
    var session = new SessionSettings(
        limits.frame(),
        limits.rooms(),
        rates(limits),
        limits.outbox(),
        limits.pending(),
        limits.badFrames(),
        config.heartbeat().interval(),
        config.heartbeat().timeout(),
        config.auth().warning());
    return new GatewaySettings(
        config.http().host(),
        config.http().port(),
        config.sockjs().enabled(),
        config.cluster().relayPort(),
        config.origins(),
        config.auth().query(),
        session,
        new AdmissionSettings(
            limits.connections(),
            limits.connectionsPerAddress(),
            limits.connectionsPerUser(),
            limits.handshakes(),
            config.http().proxies()),
        config.http().timeout(),
        config.http().tls().files(),
        config.http().tls().reload(),
        config.http().tls().redirect(),
        new Drain.Settings(
            config.drain().seconds(), config.drain().rate(), config.presence().grace()));
  }

  private static Rates rates(Limits limits) {
    return new Rates(
        limits.rate(),
        limits.bytes(),
        limits.joins(),
        limits.reads(),
        limits.others(),
        limits.refusals(),
        limits.userRate(),
        limits.userBytes(),
        limits.opens());
  }

  /** From now on nobody is let in, and the node says that it is not ready. May be called from any thread. */
  void leave() {
    if (gateway != null) {
      gateway.leave();
    }
  }

  /** Sends the clients to other nodes; done when this one may end. May be called from any thread. */
  Future<Void> drain() {
    var drained = drain;
    if (drained == null) {
      return Future.succeededFuture(); // it never got so far
    }
    leave();
    Promise<Void> done = Promise.promise();
    context.runOnContext(now -> drained.run().onComplete(done));
    return done.future();
  }

  /** Whether it is on its way out. */
  boolean leaving() {
    return gateway != null && gateway.leaving();
  }

  /** The port it listens on, once it has started. */
  int port() {
    return gateway == null ? config.http().port() : gateway.port();
  }

  /** Who is where in the cluster, once it has started. */
  @Nullable
  Registry registry() {
    return registry;
  }

  /** Nodes of the cluster, this one included. */
  int members() {
    return cluster == null ? 0 : cluster.nodes().size();
  }
}
