package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HazelcastConfigTest {
  private static final List<MapSpec> MAPS =
      List.of(new MapSpec("rooms", true), new MapSpec("leases", false));

  @Test
  void members_are_found_by_a_list() {
    var join = config(settings("127.0.0.1", "", 0)).getAdvancedNetworkConfig().getJoin();

    assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
    assertThat(join.getTcpIpConfig().getMembers())
        .containsExactly("10.0.0.1:5701", "10.0.0.2:5701");
    assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.isAutoDetectionEnabled()).isFalse();
  }

  @Test
  void members_are_found_by_a_headless_services_name() {
    var join = config(settings("127.0.0.1", "parley.chat.svc", 0))
        .getAdvancedNetworkConfig()
        .getJoin();

    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperties())
        .containsEntry("service-dns", "parley.chat.svc")
        .containsEntry("service-port", "5701");
  }

  @Test
  void a_quorum_guards_the_maps_that_ask_for_it() {
    var config = config(settings("127.0.0.1", "", 2));

    assertThat(config.getMapConfig("rooms").getSplitBrainProtectionName()).isNotNull();
    assertThat(config.getMapConfig("leases").getSplitBrainProtectionName()).isNull();
    assertThat(config(settings("127.0.0.1", "", 0)).getSplitBrainProtectionConfigs())
        .isEmpty();
  }

  @Test
  void maps_hold_objects_and_the_asked_backups() {
    var rooms = config(settings("127.0.0.1", "", 0)).getMapConfig("rooms");

    assertThat(rooms.getInMemoryFormat()).isEqualTo(InMemoryFormat.OBJECT);
    assertThat(rooms.getBackupCount()).isEqualTo(2);
  }

  @Test
  void a_host_is_bound_alone() {
    var config = config(settings("127.0.0.1", "", 0));
    var endpoint = Objects.requireNonNull(config
        .getAdvancedNetworkConfig()
        .getEndpointConfigs()
        .get(com.hazelcast.instance.EndpointQualifier.MEMBER));

    assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
    assertThat(endpoint.getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
  }

  @Test
  void a_host_that_is_none_is_named_in_the_error() {
    assertThatThrownBy(() -> config(settings("no such host", "", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such host");
  }

  @Test
  void what_the_launcher_was_told_about_the_bus_stays() {
    var told = new EventBusOptions().setHost("192.0.2.1").setPort(15_701);

    var options = HazelcastCluster.busOptions(settings("127.0.0.1", "", 0), told);

    assertThat(options.getHost()).isEqualTo("192.0.2.1");
    assertThat(options.getPort()).isEqualTo(15_701);
    assertThat(options.getReadIdleTimeout()).isEqualTo(6);
    assertThat(HazelcastCluster.busOptions(settings("0.0.0.0", "", 0), new EventBusOptions())
            .getHost())
        .isNull();
  }

  private static Config config(HazelcastCluster.Settings settings) {
    return HazelcastCluster.config(settings, NodeId.next(), Tally.types(), MAPS);
  }

  private static HazelcastCluster.Settings settings(String host, String dns, int quorum) {
    return new HazelcastCluster.Settings(
        host,
        5701,
        0,
        0,
        List.of("10.0.0.1:5701", "10.0.0.2:5701"),
        dns,
        2,
        quorum,
        "test",
        ClusterTls.OFF);
  }
}
