package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Checker;
import chat.parley.testing.FaultClient;
import chat.parley.testing.LostMember;
import chat.parley.testing.Patience;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three processes that differ in their ports alone, found by {@code cluster.members}. */
@Timeout(180)
class ClusterProcessIT {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final String ROOM = "crowd";

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void end() {
    Await.result("the end of the clients", VERTX.close());
  }

  @Test
  void ten_thousand_messages_of_three_senders_come_to_all_in_one_order() {
    int messages = 10_000;
    try (var cluster = TestCluster.of(3).named("ClusterProcessIT-order").start()) {
      var clients = cluster.nodes().stream()
          .map(node -> node.connect(VERTX, "of-" + node.name()))
          .toList();
      clients.forEach(client -> client.join(ROOM));
      long began = System.nanoTime();
      var acks = IntStream.range(0, messages)
          .mapToObj(i -> clients.get(i % 3).publish(ROOM, i, "m" + i))
          .toList();
      Await.result("acks", Future.all(acks), LONG);
      var expected = LongStream.rangeClosed(1, messages).boxed().toList();
      for (var client : clients) {
        assertThat(client.awaitMessages(ROOM, messages, LONG))
            .extracting(frame -> frame.getLong("seq"))
            .isEqualTo(expected);
      }
      System.out.printf(
          "10,000 messages to three nodes' clients: %d ms%n",
          Duration.ofNanos(System.nanoTime() - began).toMillis());
      assertThat(said(clients.get(1))).isEqualTo(said(clients.get(0)));
      assertThat(said(clients.get(2))).isEqualTo(said(clients.get(0)));
      assertThat(said(clients.get(0))).doesNotHaveDuplicates();
      var verdict = Checker.strict()
          .check(clients.stream().map(ChatClient::journal).toList())
          .assertClean();
      assertThat(verdict.judged()).isEqualTo(3L * messages);
      clients.forEach(ChatClient::close);
      assertThat(cluster.nodes())
          .allSatisfy(node -> assertThat(node.surprises()).isEmpty());
      cluster.expect(LostMember.LOG); // from now on they leave, all at once
    }
  }

  private static List<String> said(ChatClient client) {
    return client.messages(ROOM).stream()
        .map(frame -> frame.getString("user") + " " + frame.getString("id"))
        .toList();
  }

  @Test
  void what_was_acked_survives_the_killing_of_a_node() {
    int rounds = 300;
    try (var cluster = TestCluster.of(3).named("ClusterProcessIT-kill").start()) {
      var clients = new ArrayList<FaultClient>();
      for (int i = 0; i < 3; i++) {
        var user = "user" + i;
        clients.add(FaultClient.start(
            VERTX, user, () -> Tokens.of(user), cluster.webSockets(), Patience.ofTests(), i));
      }
      clients.forEach(client -> Await.result("join", client.join(ROOM), LONG));
      var acks = new ArrayList<Future<JsonObject>>();
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 3; i++) {
          acks.add(clients.get(i).publish(ROOM, "m" + i + "-" + round, round));
        }
        if (round == rounds / 3) {
          cluster.expect(LostMember.LOG).kill(1);
        }
        Await.pass(Duration.ofMillis(5));
      }
      var all = Await.result("acks", Future.all(acks), LONG).<JsonObject>list();
      long head = all.stream().mapToLong(ack -> ack.getLong("seq")).max().orElseThrow();
      clients.forEach(client -> Await.until("all to catch up", LONG, () -> {
        var position = Await.result("position", client.position(ROOM));
        return position != null && position.seq() >= head;
      }));
      var verdict = Checker.strict()
          .check(clients.stream().map(FaultClient::journal).toList())
          .assertClean();
      System.out.println(verdict.figures());
      assertThat(verdict.judged()).isEqualTo(3L * 3 * rounds);
      clients.forEach(client -> Await.result("stop", client.stop().otherwiseEmpty()));
    }
  }

  @Test
  void a_node_told_twice_to_end_ends_at_once() {
    try (var cluster = TestCluster.of(2).named("ClusterProcessIT-twice").start()) {
      cluster.expect(LostMember.LOG).expect("Told twice to end");
      var node = cluster.node(0);
      node.terminate();
      // Where another node stays, leaving takes seconds.
      Await.until("the node to leave", Await.SOON, () -> !node.ready());
      long began = System.nanoTime();
      node.terminate();
      assertThat(node.exitCode()).isEqualTo(16);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }
  }
}
