package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.k8s.Manifests;
import chat.parley.testing.Await;
import chat.parley.testing.DnsServer;
import chat.parley.testing.LostMember;
import chat.parley.testing.Namespaces;
import chat.parley.testing.NodeProcess;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes as pods: each has a network of its own, is set up as the production overlay says, and finds the others by a headless service's DNS
 * records, which a real DNS server gives.
 */
@Timeout(300)
class DnsIT {
  private static final String TEST = "DnsIT";
  private static final String ZONE = "chat.svc.cluster.local";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MESSAGES = 50;

  private final Vertx vertx = Vertx.vertx();
  private final Manifests production = Manifests.of("production");
  private final List<NodeProcess> pods = new ArrayList<>();

  @AfterEach
  void close() {
    Await.result("close", vertx.close());
  }

  @Test
  void nodes_find_each_other_as_they_come_and_go() {
    DnsServer.assumeInstalled();
    var service = Objects.requireNonNull(production.environment().get("PARLEY_CLUSTER_DNS"));
    try (var net = Namespaces.of(3);
        var dns = DnsServer.start(TEST, net.gateway(), service + "." + ZONE)) {
      net.resolve(resolver(net.gateway()));
      try {
        comeAndGo(net, dns);
      } finally {
        pods.forEach(NodeProcess::close);
      }
    }
  }

  /** As a pod's. */
  private static String resolver(String server) {
    return """
        nameserver %s
        search %s svc.cluster.local cluster.local
        options ndots:5
        """.formatted(server, ZONE);
  }

  private void comeAndGo(Namespaces net, DnsServer dns) {
    // Its address is published before it is ready, as publishNotReadyAddresses has it.
    dns.publish(addresses(net, 1));
    launch(net, 0);
    Await.until("the first is there", PATIENCE, () -> pods.getFirst().sees() == 1);

    // The third one's own record comes late: the others' suffice.
    dns.publish(addresses(net, 2));
    launch(net, 1);
    launch(net, 2);
    dns.publish(addresses(net, 3));
    awaitCluster(pods);
    speak(pods.getFirst(), pods.getLast());

    pods.getFirst().terminate();
    assertThat(pods.getFirst().exitCode()).isEqualTo(143);
    dns.publish(addresses(net, 3).subList(1, 3));
    var rest = pods.subList(1, 3);
    awaitCluster(rest);
    try (var bob = rest.getFirst().connect(vertx, "bob")) {
      bob.join("lobby");
      assertThat(bob.readAll("lobby")).hasSize(MESSAGES);
    }
  }

  private static List<String> addresses(Namespaces net, int count) {
    return net.places().subList(0, count).stream().map(place -> place.host()).toList();
  }

  private void launch(Namespaces net, int i) {
    var place = net.places().get(i);
    var start = NodeProcess.Start.alone(TEST, "pod" + i);
    for (var variable : production.environment().entrySet()) {
      start = start.with(variable.getKey(), variable.getValue());
    }
    start = start
        .at(place, 8080)
        .with("PARLEY_CLUSTER_HOST", place.host())
        .with("PARLEY_METRICS_PORT", "0") // NodeProcess asks at the clients' port
        .with("PARLEY_LOG_FORMAT", "text")
        .with(List.of("-cluster"));
    var pod = NodeProcess.launch(start);
    pod.expect(LostMember.LOG);
    pods.add(pod);
  }

  private static void awaitCluster(List<NodeProcess> together) {
    Await.until(
        together.size() + " nodes are one cluster",
        PATIENCE,
        () -> together.stream().allMatch(pod -> pod.sees() == together.size() && pod.ready()));
  }

  private void speak(NodeProcess from, NodeProcess to) {
    try (var ann = from.connect(vertx, "ann");
        var bob = to.connect(vertx, "bob")) {
      bob.join("lobby");
      ann.join("lobby");
      for (int i = 0; i < MESSAGES; i++) {
        ann.awaitAck("lobby", "hello", "m" + i);
      }
      bob.awaitMessages("lobby", MESSAGES, PATIENCE);
    }
  }
}
