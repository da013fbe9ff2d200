package chat.parley.cluster;

import chat.parley.setting.Setting;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as this process's Hazelcast member sees it. The member belongs to Vert.x, which starts it and takes it
 * out: {@link #clusterManager} before, {@link #of(ClusterManager, Vertx, Settings)} after.
 *
 * <p>Thread-safe: what it tells are snapshots that {@link Membership} and {@link Safety} replace.
 */
public final class HazelcastCluster implements Cluster {
  private static final Duration PING = Duration.ofSeconds(2);
  private static final Duration SILENT_PEER = Duration.ofSeconds(6);
  private static final int OFFERS = 10;

  private final HazelcastInstance hazelcast;
  private final Vertx vertx;
  private final Membership membership;
  private final Safety safety;
  private final LostBackups lostBackups;
  private final Map<String, SharedMap<?>> maps = new ConcurrentHashMap<>();
  private volatile List<String> keyOfEachPartition = List.of();

  /**
   * How the nodes find each other and what they bear; heeded with the launcher's {@code -cluster}. With {@code dns} empty the
   * members are listed.
   */
  public record Settings(
      @Setting(
          value = "Address under which the other nodes reach this one.",
          byDefault = "127.0.0.1")
      String host,

      @Setting(
          value = "Port among the nodes for the rooms (Hazelcast).",
          byDefault = "5701",
          min = "1",
          max = "65535")
      int port,

      @Setting(
          value = "Port among the nodes for messages (Vert.x event bus). 0 takes a free one.",
          byDefault = "0",
          min = "0",
          max = "65535")
      int busPort,

      @Setting(
          value =
              "Port among the nodes for SockJS requests that reached another node than their session's. 0 takes a free one.",
          byDefault = "0",
          min = "0",
          max = "65535")
      int relayPort,

      @Setting("Other nodes to find the cluster by, as `host:port`; one that is up suffices.")
      List<String> members,

      @Setting(
          "Name of a headless service whose addresses are the nodes; instead of `cluster.members`.")
      String dns,

      @Setting(
          value = "Copies of each room on other nodes: so many may die at once without loss.",
          byDefault = "1",
          min = "0",
          max = "6",
          unit = "copies")
      int backups,

      @Setting(
          value =
              "Nodes that must see each other for rooms to accept messages: more than half of all. 0: no such rule.",
          byDefault = "0",
          min = "0",
          max = "1000",
          unit = "nodes; 0 = no quorum")
      int quorum,

      @Setting(
          value = "Name of the cluster; nodes of another name don't join.",
          byDefault = "parley")
      String name,

      ClusterTls tls) {
    public Settings {
      members = List.copyOf(members);
    }

    /** The defaults, a cluster of its own on this machine. */
    public static Settings defaults() {
      return new Settings("127.0.0.1", 5701, 0, 0, List.of(), "", 1, 0, "parley", ClusterTls.OFF);
    }

    /** Whether there is a quorum to ask for. */
    boolean guarded() {
      return quorum > 1;
    }
  }

  private HazelcastCluster(HazelcastInstance hazelcast, Vertx vertx, Settings settings) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    this.safety = new Safety(hazelcast, vertx, settings.guarded());
    this.membership = new Membership(hazelcast, safety::doubt);
    this.lostBackups = new LostBackups(hazelcast, vertx, maps::containsKey);
  }

  /** The member's configuration. */
  public static Config config(
      Settings settings, String nodeId, WireTypes types, List<MapSpec> maps) {
    return HazelcastConfig.of(settings, nodeId, types, maps);
  }

  /** What Vert.x is to be built with, so that it starts a member with our configuration. */
  public static ClusterManager clusterManager(
      Settings settings, String nodeId, WireTypes types, List<MapSpec> maps) {
    return new PersistentClusterManager(config(settings, nodeId, types, maps));
  }

  /**
   * The event bus's options for this cluster: a peer that doesn't answer is given up within seconds, and what was queued for
   * it is dropped. With the defaults the queue would grow for a minute. A host or port that the base has (from the launcher's
   * own options) stays.
   */
  public static EventBusOptions busOptions(Settings settings, EventBusOptions base) {
    var options = new EventBusOptions(base)
        .setClusterPingInterval(PING.toMillis())
        .setClusterPingReplyInterval(PING.toMillis())
        .setConnectTimeout(Math.toIntExact(PING.toMillis()))
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setReadIdleTimeout(Math.toIntExact(SILENT_PEER.toSeconds()));
    if (base.getPort() == EventBusOptions.DEFAULT_CLUSTER_PORT) {
      options.setPort(settings.busPort());
    }
    var address = HazelcastConfig.address(settings.host());
    if (base.getHost() == null && !address.isAnyLocalAddress()) {
      options.setHost(address.getHostAddress());
    }
    return options;
  }

  /** The cluster of a Vert.x that was started with {@link #clusterManager}. */
  public static HazelcastCluster of(ClusterManager manager, Vertx vertx, Settings settings) {
    return of(((HazelcastClusterManager) manager).getHazelcastInstance(), vertx, settings);
  }

  /** The cluster of a member that was started with {@link #config}. */
  public static HazelcastCluster of(HazelcastInstance hazelcast, Vertx vertx, Settings settings) {
    var cluster = new HazelcastCluster(hazelcast, vertx, settings);
    cluster.membership.onChange(cluster::changed);
    var agreement = new TlsAgreement(hazelcast);
    cluster.membership.onChange(change -> agreement.joined(change.joined()));
    cluster.membership.start();
    cluster.safety.start();
    return cluster;
  }

  private void changed(Change change) {
    if (!change.left().isEmpty()) {
      lostBackups.memberLost();
    }
  }

  @Override
  public String nodeId() {
    return membership.self();
  }

  /** Where {@code cluster.host} is 0.0.0.0, the address that the member has found. */
  @Override
  public String host() {
    return hazelcast
        .getCluster()
        .getLocalMember()
        .getSocketAddress()
        .getAddress()
        .getHostAddress();
  }

  @Override
  public Set<String> nodes() {
    return membership.nodes();
  }

  @Override
  public void onChange(Consumer<Change> handler) {
    membership.onChange(handler);
  }

  /** @throws IllegalArgumentException if no {@link MapSpec} named the map */
  @Override
  @SuppressWarnings("unchecked") // The contract: one type of value per name.
  public <V extends Mergeable<V>> SharedMap<V> map(String name) {
    return (SharedMap<V>) maps.computeIfAbsent(name, this::open);
  }

  /**
   * What was found last: about a second ago, longer while a member doesn't answer. False from a change of membership until
   * it is found safe again.
   */
  @Override
  public boolean safe() {
    return safety.safe();
  }

  @Override
  public @Nullable String hindrance() {
    return safety.hindrance();
  }

  /**
   * After two halves that agreed on different values have met again, the larger half's is what everybody is told; whoever
   * keeps the answer asks again after a merge. Where the cluster can't say for certain that it keeps the offer (a member comes or
   * goes) it is offered again, which changes nothing if it did.
   */
  @Override
  public Future<String> agree(String name, String offer) {
    return agree(name, offer, OFFERS);
  }

  private Future<String> agree(String name, String offer, int attempts) {
    return offer(name, offer)
        .recover(failure -> attempts > 1
                && failure instanceof UnavailableException unavailable
                && unavailable.doubtful()
            ? agree(name, offer, attempts - 1)
            : Future.failedFuture(failure));
  }

  private Future<String> offer(String name, String offer) {
    return vertx
        .executeBlocking(
            () -> {
              IMap<String, String> agreed = hazelcast.getMap(HazelcastConfig.AGREED);
              var earlier = agreed.putIfAbsent(name, offer);
              return earlier == null ? offer : earlier;
            },
            false)
        .recover(failure -> Future.failedFuture(Failures.answered(failure)));
  }

  private SharedMap<?> open(String name) {
    if (!hazelcast.getConfig().getMapConfigs().containsKey(name)) {
      throw new IllegalArgumentException("no map of the cluster is named " + name);
    }
    return new HazelcastMap<Wire>(
        vertx,
        hazelcast,
        name,
        HazelcastConfig.quorum(hazelcast.getConfig(), name),
        this::keyOfEachPartition);
  }

  private List<String> keyOfEachPartition() {
    var known = keyOfEachPartition;
    if (known.isEmpty()) {
      known = findKeyOfEachPartition();
      keyOfEachPartition = known;
    }
    return known;
  }

  private List<String> findKeyOfEachPartition() {
    var partitions = hazelcast.getPartitionService();
    var count = partitions.getPartitions().size();
    var seen = new HashSet<Integer>();
    var keys = new ArrayList<String>(count);
    for (var i = 0; keys.size() < count; i++) {
      var key = String.valueOf(i);
      if (seen.add(partitions.getPartition(key).getPartitionId())) {
        keys.add(key);
      }
    }
    return List.copyOf(keys);
  }
}
