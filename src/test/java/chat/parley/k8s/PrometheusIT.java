package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LostMember;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.Prometheus;
import chat.parley.testing.TestCluster;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

/**
 * A real Prometheus scrapes two nodes that people talk on: every panel of the dashboard shows something, every alert can be evaluated. The last test
 * kills one of them.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrometheusIT {
  private static final String TEST = "PrometheusIT";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Pattern METRIC = Pattern.compile("\\b((?:parley|jvm|process)_\\w+|up)\\b");

  private static final Vertx VERTX = Vertx.vertx();
  private static final List<ChatClient> CLIENTS = new ArrayList<>();
  private static final AtomicBoolean talking = new AtomicBoolean(true);
  private static TestCluster cluster;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() {
    Prometheus.assumeInstalled();
    cluster = TestCluster.of(2).named(TEST).expect(LostMember.LOG).start();
    cluster.nodes().forEach(node -> CLIENTS.add(node.connect(VERTX, "at-" + node.name())));
    CLIENTS.forEach(client -> client.join("lobby"));
    CLIENTS.forEach(PrometheusIT::talk);
    var nodes = cluster.nodes().stream().map(NodeProcess::http).toList();
    prometheus = Prometheus.start(TEST, "parley-nodes", nodes, ruleFile());
    Await.until("five scrapes of each node", LONG, () -> {
      var scrapes = prometheus.query("sum_over_time(up[1m])");
      return scrapes.size() == 2 && scrapes.stream().allMatch(count -> count >= 5);
    });
  }

  /** A message every 50 ms, each after the ack of the one before. */
  private static void talk(ChatClient client) {
    if (talking.get()) {
      client.publish("lobby", "hello").onSuccess(ack -> VERTX.setTimer(50, now -> talk(client)));
    }
  }

  private static String ruleFile() {
    return new Yaml()
        .dump(Tree.at(Manifests.of("production").one("PrometheusRule", "parley"), "spec"));
  }

  /** Without Prometheus nothing was started. */
  @AfterAll
  static void end() throws Exception {
    talking.set(false);
    CLIENTS.forEach(ChatClient::close);
    for (var one : new AutoCloseable[] {prometheus, cluster}) {
      if (one != null) {
        one.close();
      }
    }
    Await.result("the end of the clients", VERTX.close());
  }

  private static List<String> expressions(JsonObject panel) {
    return panel.getJsonArray("targets").stream()
        .map(JsonObject.class::cast)
        .map(target -> target.getString("expr").replace("$__rate_interval", "10s"))
        .toList();
  }

  @Test
  @Order(1)
  void every_panel_shows_something() {
    for (var panel : MonitoringTest.panels()) {
      for (var expression : expressions(panel)) {
        assertThat(prometheus.query(expression))
            .as("%s: %s", panel.getString("title"), expression)
            .isNotEmpty()
            .allMatch(Double::isFinite);
      }
    }
  }

  @Test
  @Order(1)
  void what_is_said_is_what_is_shown() {
    assertThat(prometheus.query("sum(parley_connections)")).containsExactly(2.0);
    assertThat(prometheus.query("parley_cluster_nodes")).containsExactly(2.0, 2.0);
    assertThat(prometheus.query("min(parley_cluster_safe)")).containsExactly(1.0);
    assertThat(prometheus.query("sum(rate(parley_messages_accepted_total[10s]))"))
        .singleElement()
        .satisfies(rate -> assertThat(rate).isBetween(0.5, 50.0));
    // Each message goes to a member on either node.
    assertThat(prometheus.query("sum(parley_frames_delivered_total)").getFirst())
        .isGreaterThan(prometheus.query("sum(parley_messages_accepted_total)").getFirst());
    assertThat(prometheus.query("histogram_quantile(0.5, sum by (le)"
            + " (rate(parley_delivery_seconds_bucket[10s])))"))
        .singleElement()
        .satisfies(median -> assertThat(median).isBetween(0.0, 5.0));
  }

  @Test
  @Order(1)
  void the_rules_are_right_and_every_meter_that_an_alert_asks_for_is_there() {
    assertThat(Prometheus.checkRules(TEST, ruleFile()))
        .contains(MonitoringTest.alerts().size() + " rules found");
    Await.until(
        "all rules to be evaluated",
        LONG,
        () -> prometheus.rules().stream()
            .noneMatch(rule -> rule.getString("health").equals("unknown")));
    assertThat(prometheus.rules()).hasSameSizeAs(MonitoringTest.alerts()).allSatisfy(rule -> {
      assertThat(rule.getString("health")).as(rule.encode()).isEqualTo("ok");
      assertThat(rule.getString("state")).as(rule.encode()).isEqualTo("inactive");
    });
    for (var alert : MonitoringTest.alerts()) {
      METRIC
          .matcher(Tree.text(alert, "expr"))
          .results()
          .map(found -> found.group(1))
          .forEach(meter ->
              assertThat(prometheus.query(meter)).as("%s of %s", meter, alert).isNotEmpty());
    }
  }

  @Test
  @Order(2)
  void a_node_that_dies_is_noticed() {
    cluster.kill(1);

    Await.until(
        "the alert to be on its way",
        LONG,
        () -> prometheus.rules().stream()
            .anyMatch(rule -> rule.getString("name").equals("ParleyNodeDown")
                && rule.getString("state").equals("pending")));
    assertThat(prometheus.query("sum(up)")).containsExactly(1.0);
  }
}
