package chat.parley.registry;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.UnavailableException;
import chat.parley.metrics.Metrics;
import chat.parley.protocol.CloseCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is where in the cluster: what each node and each session is doing, for every node to read, and the way to end sessions wherever they are. A node tells
 * of a session at once when it opens or closes, and of all its sessions again, slice by slice, once a round: so last signs of life get about, and whatever
 * the cluster lost comes back. Thread-safe: its state belongs to one event loop, to which every call goes.
 */
public final class Registry {
  static final String NODES = "nodes";
  static final String SESSIONS = "sessions";

  private static final Logger log = LoggerFactory.getLogger(Registry.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(60);
  private static final Duration SHORTEST_ROUND = Duration.ofSeconds(10);
  /** After a merge or a loss the shares follow each other so closely. */
  private static final Duration HURRY = Duration.ofMillis(50);

  private static final int REMEMBERED_DEAD = 64;

  /**
   * What a node tells, and how often.
   *
   * @param version of Parley
   * @param round in which all sessions are told of anew
   */
  public record Settings(String version, Duration round) {}

  /** The node whose registry this is. */
  public interface Host {
    /** Where clients reach it, {@code host:port}. */
    String address();

    /** How it is doing. */
    Future<Vitals> vitals(int sessions);

    /** Whether it is on its way out. */
    boolean leaving();
  }

  /**
   * What came of ending connections.
   *
   * @param ended how many were ended
   * @param silent nodes that did not answer in time; what they hold may still be open
   */
  public record Ended(int ended, List<String> silent) {}

  private final Vertx vertx;
  private final Context context;
  private final Cluster cluster;
  private final InstantSource clock;
  private final Duration round;
  private final Leases leases;
  private final Reach reach;
  private final SharedMap<Shard> map;
  private final List<Share> shares;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private double due;
  private int next;

  private Registry(
      Vertx vertx,
      Cluster cluster,
      InstantSource clock,
      Settings settings,
      Host host,
      Metrics metrics) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.cluster = cluster;
    this.clock = clock;
    this.round = settings.round().compareTo(SHORTEST_ROUND) < 0 ? SHORTEST_ROUND : settings.round();
    this.leases = new Leases(cluster, clock, settings, host, metrics);
    this.map = cluster.map(SESSIONS);
    var common = new Share.Common(
        cluster.nodeId(), map, clock, () -> List.copyOf(gone), metrics::registryCalled);
    this.shares =
        IntStream.range(0, Shard.COUNT).mapToObj(i -> new Share(common, i)).toList();
    this.reach = new Reach(vertx, cluster, this::endHere);
  }

  /** Starts the registry of this node on the calling event loop; done when other nodes can reach it. */
  public static Future<Registry> start(
      Vertx vertx,
      Cluster cluster,
      InstantSource clock,
      Settings settings,
      Host host,
      Metrics metrics) {
    var registry = new Registry(vertx, cluster, clock, settings, host, metrics);
    cluster.onChange(change -> registry.context.runOnContext(now -> registry.changed(change)));
    vertx.setPeriodic(TICK.toMillis(), timer -> registry.tick());
    vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> registry.keepHouse());
    registry.leases.renew(0);
    return registry.reach.open().map(registry);
  }

  /**
   * Takes a connection in. The answer, how many its user has in the cluster, this one included, comes when every node can find it; it fails with
   * {@link UnavailableException} if the cluster can't say now, and the connection is told of later all the same.
   */
  public Future<Integer> open(Connection connection) {
    return onLoop(() -> share(connection.user()).open(connection));
  }

  /** The connection has gone. */
  public void close(Connection connection) {
    context.runOnContext(now -> share(connection.user()).close(connection));
  }

  /** The user's sessions on all nodes that live. Fails with {@link UnavailableException}. */
  public Future<List<SessionInfo>> sessionsOf(String user) {
    return map.submit(Shard.key(Shard.of(user)), new Find(user)).map(found -> {
      var living = cluster.nodes();
      return found.sessions().stream()
          .filter(one -> living.contains(one.node()))
          .toList();
    });
  }

  /** The nodes that live, as they told last. Fails with {@link UnavailableException}. */
  public Future<List<Lease>> nodes() {
    return leases.living();
  }

  /** Ends all connections of the user, on every node. */
  public Future<Ended> disconnectUser(String user, CloseCode code) {
    return onLoop(() -> reach.end(new Reach.Order(user, null, code)));
  }

  /** Ends that session, wherever it is. */
  public Future<Ended> disconnectSession(String session, CloseCode code) {
    return onLoop(() -> reach.end(new Reach.Order(null, session, code)));
  }

  /** Brings the call to the registry's loop and its answer back to the caller's. */
  private <T> Future<T> onLoop(Supplier<Future<T>> call) {
    var caller = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    context.runOnContext(now -> call.get()
        .onComplete((value, cause) -> caller.runOnContext(back -> answer.complete(value, cause))));
    return answer.future();
  }

  private Share share(String user) {
    return shares.get(Shard.of(user));
  }

  private int endHere(Reach.Order order) {
    var user = order.user();
    var concerned = (user == null ? shares.stream() : List.of(share(user)).stream())
        .flatMap(share -> share.connections().stream())
        .filter(order::concerns)
        .toList();
    concerned.forEach(one -> one.disconnect(order.code()));
    return concerned.size();
  }

  /** Tells now how this node is doing, rather than within a second. */
  public void tellNow() {
    context.runOnContext(now -> renew());
  }

  private void renew() {
    leases.renew(shares.stream().mapToInt(Share::size).sum());
  }

  private void tick() {
    renew();
    due += (double) Shard.COUNT * TICK.toMillis() / round.toMillis();
    for (; due >= 1; due--) {
      shares.get(next).refresh();
      next = (next + 1) % Shard.COUNT;
    }
    shares.forEach(Share::flush);
  }

  private void changed(Cluster.Change change) {
    if (gone.size() > REMEMBERED_DEAD) {
      gone.clear(); // what is forgotten here falls to the housekeeping
    }
    gone.addAll(change.left());
    gone.removeAll(cluster.nodes());
    if (!change.left().isEmpty()) {
      keepHouse();
    }
    if (change.merged() || !change.left().isEmpty()) {
      for (int i = 0; i < Shard.COUNT; i++) {
        var share = shares.get(i);
        vertx.setTimer((i + 1) * HURRY.toMillis(), timer -> share.refresh());
      }
    }
  }

  private void keepHouse() {
    if (!cluster.keepsHouse()) {
      return;
    }
    long before = clock.millis() - 3 * Math.max(round.toMillis(), HOUSEKEEPING.toMillis());
    var departed = new Departed(List.copyOf(gone), List.copyOf(cluster.nodes()), before);
    Future.all(map.sweep(new Tidy(departed)), leases.expire(departed))
        .onFailure(cause -> log.debug("Housekeeping has to wait: {}", cause.getMessage()));
  }
}
