package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class FaultClientTest {
  @RegisterExtension
  final LogWatch log = new LogWatch();

  private final Vertx vertx = Vertx.vertx();
  private final FakeServer server = new FakeServer(vertx);
  private final List<FaultClient> clients = new ArrayList<>();
  private final FaultClient ann = start(Await.SOON, server.uri("ws", "/ws"));

  /** Leaves a node that says nothing for {@code silence}: only the test that wants it may see that happen. */
  private FaultClient start(Duration silence, URI... nodes) {
    var patience = new Patience(Duration.ofMillis(5), Duration.ofMillis(20), silence);
    Supplier<String> token = () -> Tokens.of("ann");
    var client = FaultClient.start(vertx, "ann", token, List.of(nodes), patience, 1);
    clients.add(client);
    return client;
  }

  @AfterEach
  void close() {
    clients.forEach(client -> Await.result("stop", client.stop()));
    Await.result("close", vertx.close());
  }

  private void caughtUp(long seq) {
    Await.until("ann is at " + seq, Await.SOON, () -> {
      var position = Await.result("position", ann.position("lobby"));
      return position != null && position.seq() == seq;
    });
  }

  @Test
  void it_comes_back_resumes_and_repeats_what_was_not_acked() {
    Await.result("join", ann.join("lobby"));
    Await.result("ack", ann.publish("lobby", "a", 1));
    server.swallowAckOf("b");
    assertThat(Await.result("ack", ann.publish("lobby", "b", 2)).getBoolean("duplicate"))
        .isTrue();
    server.swallowAckOf("n50");
    var acks =
        IntStream.range(0, 100).mapToObj(n -> ann.publish("lobby", "n" + n, n)).toList();
    assertThat(IntStream.range(0, 100)
            .filter(n -> Await.result("ack", acks.get(n)).getBoolean("duplicate")))
        .containsExactly(50);
    caughtUp(102);

    var verdict = Checker.strict().check(List.of(ann.journal())).assertClean();
    assertThat(verdict.resumed()).isEqualTo(2);
    assertThat(verdict.judged()).isEqualTo(102);
    assertThat(Await.result("waiting", ann.waiting())).isZero();
  }

  @Test
  void it_goes_where_a_node_answers() {
    var nobody = URI.create("ws://127.0.0.1:" + FreePorts.one() + "/ws");
    var bob = start(Await.SOON, nobody, server.uri("ws", "/ws"));
    assertThat(Await.result("join", bob.join("lobby")).getString("type")).isEqualTo("joined");
  }

  @Test
  void it_tries_again_what_is_unavailable() {
    Await.result("join", ann.join("lobby"));
    server.refuseNextPublish();
    assertThat(Await.result("ack", ann.publish("lobby", "a", 1)).getInteger("seq"))
        .isEqualTo(1);
    assertThat(ann.journal().entries(Entry.Refused.class)).hasSize(1);
  }

  @Test
  void it_moves_when_the_node_says_it_goes() {
    Await.result("join", ann.join("lobby"));
    server.sayToAll(JsonObject.of("type", "goaway", "reconnectAfter", 5));
    Await.until(
        "ann is back",
        Await.SOON,
        () -> ann.journal().entries(Entry.Joined.class).size() == 2);
    assertThat(ann.journal().entries(Entry.Ended.class))
        .extracting(Entry.Ended::code)
        .containsExactly(1000);
  }

  @Test
  void it_leaves_a_node_that_falls_silent() {
    var bob = start(Duration.ofMillis(300), server.uri("ws", "/ws"));
    Await.result("join", bob.join("lobby"));
    server.fallSilent();
    Await.until(
        "bob gives up",
        Await.SOON,
        () -> !bob.journal().entries(Entry.Ended.class).isEmpty());
    server.speakAgain();
    Await.until(
        "bob is back",
        Await.SOON,
        () -> bob.journal().entries(Entry.Joined.class).size() > 1);
  }

  @Test
  void it_stays_away_when_told_to() {
    Await.result("join", ann.join("lobby"));
    Await.result("closing", server.closeAll(4503));
    Await.until(
        "it ended", Await.SOON, () -> !ann.journal().entries(Entry.Ended.class).isEmpty());
    Await.pass(Duration.ofMillis(200));
    assertThat(ann.journal().entries(Entry.Connected.class)).hasSize(1);
  }

  @Test
  void it_asks_to_join_once_though_told_to_before_the_welcome() {
    server.fallSilent();
    var early = start(Await.SOON, server.uri("ws", "/ws"));
    // Enough to be connected; if it is not, this test shows less.
    Await.pass(Duration.ofMillis(200));
    var joined = early.join("lobby");
    Await.result("it was told", early.waiting());
    server.speakAgain();
    Await.result("join", joined);
    Await.result("stop", early.stop());
    assertThat(early.journal().entries(Entry.Joined.class)).hasSize(1);
  }

  @Test
  void once_stopped_it_has_ended_and_stays_away() {
    Await.result("join", ann.join("lobby"));
    Await.result("stop", ann.stop());
    assertThat(ann.journal().entries().getLast()).isInstanceOf(Entry.Ended.class);
    Await.result("stop at once", start(Await.SOON, server.uri("ws", "/ws")).stop());
  }
}
