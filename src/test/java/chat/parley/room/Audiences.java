package chat.parley.room;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.ClusterTls;
import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.MapSpec;
import chat.parley.cluster.NodeId;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.WireTypes;
import chat.parley.testing.Await;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The audiences of rooms, which nothing outside a node shows: this process becomes a member of the cluster that keeps nothing,
 * and looks. Confined to the test's thread.
 */
public final class Audiences implements AutoCloseable {
  private final HazelcastInstance hazelcast;
  private final Cluster cluster;

  private Audiences(HazelcastInstance hazelcast, Cluster cluster) {
    this.hazelcast = hazelcast;
    this.cluster = cluster;
  }

  /**
   * Joins the cluster.
   *
   * @param host the address of this process that the nodes reach
   * @param members the nodes, as host:port
   */
  public static Audiences open(Vertx vertx, String host, int port, List<String> members) {
    var settings = new HazelcastCluster.Settings(
        host, port, 0, 0, members, "", 1, 0, "parley", ClusterTls.OFF);
    var types = new WireTypes();
    RoomTypes.register(types);
    var config = HazelcastCluster.config(
        settings, NodeId.next(), types, List.of(new MapSpec(RoomNode.MAP, true)));
    // Vert.x on the nodes wants to know every member by a name.
    config
        .getMemberAttributeConfig()
        .setAttribute("__vertx.nodeId", UUID.randomUUID().toString());
    var hazelcast = Hazelcast.newHazelcastInstance(config.setLiteMember(true));
    return new Audiences(hazelcast, HazelcastCluster.of(hazelcast, vertx, settings));
  }

  /** Who is told what these rooms accept: the names of nodes, also of such as there are no more. */
  public Set<String> of(Collection<String> rooms) {
    SharedMap<RoomState> map = cluster.map(RoomNode.MAP);
    Map<String, Head> heads = Await.result("the rooms' heads", map.submitAll(rooms, new Look()));
    return heads.values().stream()
        .flatMap(head -> List.of(head.audience()).stream())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    hazelcast.shutdown();
  }
}
