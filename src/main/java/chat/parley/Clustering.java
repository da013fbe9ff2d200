package chat.parley;

import chat.parley.auth.AuthTypes;
import chat.parley.cluster.Cluster;
import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.MapSpec;
import chat.parley.cluster.NodeId;
import chat.parley.cluster.WireTypes;
import chat.parley.presence.PresenceNode;
import chat.parley.presence.PresenceTypes;
import chat.parley.registry.RegistryTypes;
import chat.parley.relay.Relay;
import chat.parley.relay.RelayTypes;
import chat.parley.room.RoomNode;
import chat.parley.room.RoomTypes;
import chat.parley.tls.PeerTls;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node is alone or one of several: what Vert.x has to be built with for it, and the cluster that comes of it. Immutable.
 */
final class Clustering {
  private final HazelcastCluster.@Nullable Settings settings;
  private final @Nullable ClusterManager manager;
  private final @Nullable PeerTls tls;

  private Clustering(
      HazelcastCluster.@Nullable Settings settings,
      @Nullable ClusterManager manager,
      @Nullable PeerTls tls) {
    this.settings = settings;
    this.manager = manager;
    this.tls = tls;
  }

  /** A node that no other can join: no member is started and no port opened for it. */
  static Clustering none() {
    return new Clustering(null, null, null);
  }

  /**
   * A node that joins or forms the configured cluster. Reads the files of its TLS.
   *
   * @throws IllegalArgumentException if they can't be used
   */
  static Clustering of(HazelcastCluster.Settings settings) {
    var types = new WireTypes();
    RoomTypes.register(types);
    RegistryTypes.register(types);
    RelayTypes.register(types);
    AuthTypes.register(types);
    PresenceTypes.register(types);
    // Who is there is told on either side of a split, with or without a quorum.
    var maps = new ArrayList<>(List.of(
        new MapSpec(RoomNode.MAP, true), new MapSpec(PresenceNode.MAP, false), AuthTypes.MAP));
    maps.addAll(RegistryTypes.MAPS);
    // A SockJS session is of use on either side of a partition.
    maps.add(new MapSpec(Relay.MAP, false));
    return new Clustering(
        settings,
        HazelcastCluster.clusterManager(settings, NodeId.next(), types, maps),
        settings.tls().read());
  }

  /** Whether there may be other nodes. */
  boolean joins() {
    return settings != null;
  }

  /** What nodes speak with each other; null: plain text. */
  @Nullable
  PeerTls tls() {
    return tls;
  }

  /** Sets the event bus's options. */
  VertxOptions prepare(VertxOptions options) {
    if (settings == null) {
      return options;
    }
    var bus = HazelcastCluster.busOptions(settings, options.getEventBusOptions());
    return options.setEventBusOptions(tls == null ? bus : tls.turnOn(bus));
  }

  /** Adds the cluster manager. */
  VertxBuilder prepare(VertxBuilder builder) {
    return manager == null ? builder : builder.withClusterManager(manager);
  }

  /** The cluster of a Vert.x that was built with this. */
  Cluster open(Vertx vertx) {
    return settings == null || manager == null
        ? new LocalCluster(NodeId.next())
        : HazelcastCluster.of(manager, vertx, settings);
  }
}
