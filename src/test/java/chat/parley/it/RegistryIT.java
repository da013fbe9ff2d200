package chat.parley.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.protocol.CloseCode;
import chat.parley.registry.Lease;
import chat.parley.registry.SessionInfo;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LogWatch;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions and nodes as any node of the cluster sees them. */
@Timeout(60)
class RegistryIT {
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    nodes = Nodes.of(2, new JsonObject());
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  private static List<SessionInfo> sessions(TestNode asked, String user) {
    return Await.result("sessions of " + user, asked.registry().sessionsOf(user));
  }

  private static List<Lease> leases(TestNode asked) {
    return Await.result("leases", asked.registry().nodes());
  }

  private static void awaitSessions(String user, int count) {
    for (var asked : List.of(nodes.first(), nodes.second())) {
      Await.until(
          count + " sessions of " + user,
          Await.SOON,
          () -> sessions(asked, user).size() == count);
    }
  }

  private static String session(ChatClient client) {
    return client.await("welcome").getString("session");
  }

  @Test
  void every_node_knows_where_a_users_sessions_are() {
    var here = session(nodes.connect("rita"));
    var there = session(nodes.connectToSecond("rita"));

    awaitSessions("rita", 2);
    var told = sessions(nodes.first(), "rita");
    assertThat(told).isEqualTo(sessions(nodes.second(), "rita"));
    assertThat(told.stream().map(SessionInfo::session)).containsExactlyInAnyOrder(here, there);
    assertThat(told.stream().map(SessionInfo::node).collect(toSet()))
        .isEqualTo(leases(nodes.first()).stream().map(Lease::node).collect(toSet()));
    assertThat(told).allSatisfy(one -> {
      assertThat(one.transport()).isEqualTo("websocket");
      assertThat(one.since()).isPositive().isLessThanOrEqualTo(one.seen());
    });
  }

  @Test
  void who_hangs_up_is_gone_from_it() {
    var client = nodes.connect("gus");
    awaitSessions("gus", 1);

    client.close();

    awaitSessions("gus", 0);
  }

  @Test
  void a_user_is_disconnected_everywhere_by_any_node() {
    var clients = List.of(
        nodes.connect("mallory"), nodes.connectToSecond("mallory"), nodes.connect("bystander"));
    clients.forEach(RegistryIT::session);

    var ended = Await.result(
        "the end", nodes.second().registry().disconnectUser("mallory", CloseCode.BANNED));

    assertThat(ended.ended()).isEqualTo(2);
    assertThat(ended.silent()).isEmpty();
    for (var client : clients.subList(0, 2)) {
      assertThat(client.await("bye").getInteger("code")).isEqualTo(4503);
      assertThat(client.awaitEnding(Await.SOON).code()).isEqualTo(4503);
    }
    clients.getLast().send(JsonObject.of("type", "ping"));
    clients.getLast().await("pong");
    awaitSessions("mallory", 0);
  }

  @Test
  void a_session_is_ended_by_a_node_that_does_not_hold_it() {
    var first = nodes.connect("tim");
    var second = nodes.connect("tim");
    session(second);

    var ended = Await.result(
        "the end", nodes.second().registry().disconnectSession(session(first), CloseCode.BANNED));

    assertThat(ended.ended()).isEqualTo(1);
    assertThat(first.awaitEnding(Await.SOON).code()).isEqualTo(4503);
    second.send(JsonObject.of("type", "ping"));
    second.await("pong");
  }

  @Test
  void each_node_says_how_it_is_once_a_second_and_costs_no_more() {
    session(nodes.connect("counted"));
    Await.until(
        "figures",
        Await.SOON,
        () -> leases(nodes.second()).size() == 2
            && leases(nodes.second()).stream()
                    .mapToInt(lease -> lease.vitals().sessions())
                    .sum()
                == 1);
    var before = leases(nodes.second());
    double calls = nodes.metric("parley.registry.calls");
    Await.pass(Duration.ofSeconds(4));

    assertThat(leases(nodes.second())).allSatisfy(lease -> {
      var earlier =
          before.stream().filter(one -> one.node().equals(lease.node())).findAny();
      assertThat(lease.renewed()).isGreaterThan(earlier.orElseThrow().renewed());
      assertThat(lease.address()).startsWith("127.0.0.1:");
      assertThat(lease.leaving()).isFalse();
      assertThat(lease.vitals().lagMillis()).isNotNegative();
    });
    // One lease a second and node, and the share of the one session now and then.
    assertThat(nodes.metric("parley.registry.calls") - calls).isBetween(4.0, 12.0);
    Await.until("the sum", Await.SOON, () -> nodes.first().metric("parley.cluster.sessions") == 1);
  }
}
