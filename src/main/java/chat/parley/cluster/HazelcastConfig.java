package chat.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.InterfacesConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MetadataPolicy;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.internal.util.Timer;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member is set up: no file, no multicast, nothing that calls home. The times bound what users notice: a member that
 * falls silent is out after {@link #SILENCE}, and one that was cut off is back soon after it is reached again.
 * Pure.
 */
final class HazelcastConfig {
  /** The name of the split-brain protection, where there is a quorum. */
  static final String QUORUM = "parley.quorum";

  /** The map behind {@link Cluster#agree}. */
  static final String AGREED = "parley.agreed";

  /** The member attribute that carries {@link Cluster#nodeId}. */
  static final String NODE = "parley.node";

  /** The member attribute that tells whether the node speaks TLS with others. */
  static final String TLS = "parley.tls";

  private static final Duration SILENCE = Duration.ofSeconds(8);
  /** Shorter than the silence and than a backup's time-out: the cut-off side stops before it acks anything. */
  private static final Duration RECENT = Duration.ofSeconds(4);

  private HazelcastConfig() {}

  static Config of(
      HazelcastCluster.Settings settings, String nodeId, WireTypes types, List<MapSpec> maps) {
    var config = new Config().setClusterName(settings.name());
    config.getMemberAttributeConfig().setAttribute(NODE, nodeId);
    config
        .getMemberAttributeConfig()
        .setAttribute(TLS, String.valueOf(settings.tls().isOn()));
    config.getMetricsConfig().setEnabled(false);
    times(config);
    threads(config, Runtime.getRuntime().availableProcessors());
    quiet(config);
    network(config, settings);
    new WireSerialization(types).addTo(config.getSerializationConfig());
    if (settings.guarded()) {
      config.addSplitBrainProtectionConfig(
          new SplitBrainProtectionConfig(QUORUM, true, settings.quorum())
              .setFunctionImplementation(new Quorum(settings.quorum(), RECENT, Timer::nanos)));
    }
    maps.forEach(map -> config.addMapConfig(map(map, settings)));
    config.addMapConfig(plain(AGREED, settings.backups()));
    vertx(config, settings);
    return config;
  }

  private static void times(Config config) {
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", String.valueOf(SILENCE.toSeconds()));
    // Where a process was killed its port refuses: at the third refusal, a tenth of a second after
    // its connections broke, it is out. A member that lives takes the connection anew at once.
    config.setProperty("hazelcast.connection.monitor.interval", "50");
    config.setProperty("hazelcast.connection.monitor.max.faults", "2");
    // Calls to it try again and again until the others have taken over: that must not find them
    // asleep.
    config.setProperty("hazelcast.invocation.retry.pause.millis", "50");
    // Two members that reach everybody but each other would never be parted, nor meet again: after
    // so
    // many heartbeats the oldest member sends one of them away, and it comes back as after a split.
    config.setProperty("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "4");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "8");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    // An append whose backup didn't answer is not acked: its caller repeats it until that is
    // certain.
    config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
    config.setProperty("hazelcast.operation.call.timeout.millis", "10000");
    // A call whose backup has died waits for all of this, and who resumes waits with it.
    config.setProperty("hazelcast.operation.backup.timeout.millis", "1000");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "60");
    // Partitions move as soon as a member has joined, rather than waiting whether another one
    // comes.
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
  }

  private static void threads(Config config, int processors) {
    config.setProperty(
        "hazelcast.io.thread.count", String.valueOf(Math.clamp(processors / 2, 1, 3)));
    config.setProperty("hazelcast.operation.response.thread.count", processors > 4 ? "2" : "1");
    config.setProperty("hazelcast.event.thread.count", "2");
  }

  private static void quiet(Config config) {
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
  }

  /**
   * The endpoint is for members only. With the simpler network configuration the same port would also serve Hazelcast
   * clients, and anybody who reaches it could read and write every room.
   */
  private static void network(Config config, HazelcastCluster.Settings settings) {
    var endpoint =
        new ServerSocketEndpointConfig().setPort(settings.port()).setPortAutoIncrement(false);
    var address = address(settings.host());
    if (!address.isAnyLocalAddress()) {
      config.setProperty("hazelcast.socket.bind.any", "false");
      endpoint.setInterfaces(
          new InterfacesConfig().setEnabled(true).addInterface(address.getHostAddress()));
    }
    var network = config.getAdvancedNetworkConfig().setEnabled(true);
    network.setMemberEndpointConfig(endpoint);
    join(network.getJoin(), settings);
  }

  private static void join(JoinConfig join, HazelcastCluster.Settings settings) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (settings.dns().isEmpty()) {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setConnectionTimeoutSeconds(2)
          .setMembers(settings.members());
    } else {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.dns())
          .setProperty("service-port", String.valueOf(settings.port()));
    }
  }

  private static MapConfig map(MapSpec spec, HazelcastCluster.Settings settings) {
    var map = plain(spec.name(), settings.backups())
        // In binary form every append would read and write the whole value.
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setMetadataPolicy(MetadataPolicy.OFF)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(UnitingMergePolicy.class.getName()));
    if (spec.guarded() && settings.guarded()) {
      map.setSplitBrainProtectionName(QUORUM);
    }
    return map;
  }

  private static MapConfig plain(String name, int backups) {
    return new MapConfig(name)
        .setBackupCount(backups)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName()));
  }

  /** What the Vert.x cluster manager keeps: who listens where. Lost with one node, the bus would be deaf. */
  private static void vertx(Config config, HazelcastCluster.Settings settings) {
    var backups = Math.max(1, settings.backups());
    config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
        .setBackupCount(backups)
        .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(plain("__vertx.haInfo", backups));
    config.addMapConfig(plain("__vertx.nodeInfo", backups));
  }

  /** The quorum that the map asks for; null: none. */
  static @Nullable Quorum quorum(Config config, String map) {
    var name = config.getMapConfig(map).getSplitBrainProtectionName();
    return name == null
        ? null
        : (Quorum) config.getSplitBrainProtectionConfig(name).getFunctionImplementation();
  }

  /** @throws IllegalArgumentException if the name can't be looked up */
  static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "cluster.host: " + host + " (expected: an address of this machine)", e);
    }
  }
}
