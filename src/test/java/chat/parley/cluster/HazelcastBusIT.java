package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Vert.x on the members that we configure. */
@Timeout(60)
class HazelcastBusIT {
  private static final List<MapSpec> MAPS = List.of(new MapSpec("tallies", true));
  private final List<Integer> ports = Members.freePorts(2);
  private final List<Vertx> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(vertx -> SharedMapContract.await(vertx.close()));
  }

  @Test
  void the_bus_and_the_maps_reach_from_node_to_node() {
    var first = start(0);
    var second = start(1);
    Members.await(
        "both are in", () -> first.nodes().size() == 2 && second.nodes().size() == 2);
    var consumer = started.get(0).eventBus().<String>consumer("node", HazelcastBusIT::shout);
    SharedMapContract.await(consumer.completion());

    var reply = SharedMapContract.await(started.get(1).eventBus().<String>request("node", "hello"));

    assertThat(reply.body()).isEqualTo("HELLO");
    SharedMap<Tally> map = second.map("tallies");
    assertThat(
            SharedMapContract.await(map.submit("room", new Tally.Vote("ann"))).fresh())
        .isTrue();
  }

  @Test
  void an_answer_comes_on_the_context_that_asked() {
    SharedMap<Tally> map = start(0).map("tallies");
    var context = started.get(0).getOrCreateContext();
    var same = io.vertx.core.Promise.<Boolean>promise();

    context.runOnContext(ignored -> map.submit("room", new Tally.Vote("ann"))
        .onComplete(answer -> same.complete(context.equals(Vertx.currentContext()))));

    assertThat(SharedMapContract.await(same.future())).isTrue();
  }

  @Test
  void the_members_port_serves_no_clients() {
    var cluster = start(0);
    assertThat(cluster.nodes()).hasSize(1);
    var config = new ClientConfig().setClusterName("parley-bus");
    config.getNetworkConfig().addAddress("127.0.0.1:" + ports.get(0));
    config
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(1_500);

    assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(config))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void shout(Message<String> message) {
    message.reply(message.body().toUpperCase(java.util.Locale.ROOT));
  }

  private HazelcastCluster start(int index) {
    var addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    var settings = new HazelcastCluster.Settings(
        "127.0.0.1", ports.get(index), 0, 0, addresses, "", 1, 0, "parley-bus", ClusterTls.OFF);
    var manager = HazelcastCluster.clusterManager(settings, NodeId.next(), Tally.types(), MAPS);
    var options = new VertxOptions()
        .setEventBusOptions(HazelcastCluster.busOptions(settings, new EventBusOptions()));
    var vertx = SharedMapContract.await(
        Vertx.builder().with(options).withClusterManager(manager).buildClustered());
    started.add(vertx);
    return HazelcastCluster.of(manager, vertx, settings);
  }
}
