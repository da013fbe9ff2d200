package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultClientTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeServer server = new FakeServer(vertx);
  private final FaultClient ann = start(List.of(server.uri("ws", "/ws")));

  private FaultClient start(List<URI> nodes) {
    var patience = new FaultClient.Patience(
        Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(300));
    return FaultClient.start(vertx, "ann", () -> Tokens.of("ann"), nodes, patience, 1);
  }

  @AfterEach
  void close() {
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
    server.swallowNextAck();
    assertThat(Await.result("ack", ann.publish("lobby", "b", 2)).getBoolean("duplicate"))
        .isTrue();
    var acks =
        IntStream.range(0, 100).mapToObj(n -> ann.publish("lobby", "n" + n, n)).toList();
    Await.result("closing", server.closeAll(4410));
    acks.forEach(ack -> Await.result("ack", ack));
    caughtUp(102);

    var verdict = Checker.strict().check(List.of(ann.journal())).assertClean();
    assertThat(verdict.resumed()).isEqualTo(2);
    assertThat(verdict.judged()).isEqualTo(102);
    assertThat(Await.result("waiting", ann.waiting())).isZero();
  }

  @Test
  void it_goes_where_a_node_answers() {
    var nobody = URI.create("ws://127.0.0.1:" + FreePorts.one() + "/ws");
    var bob = start(List.of(nobody, server.uri("ws", "/ws")));
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
    Await.result("join", ann.join("lobby"));
    server.fallSilent();
    Await.until(
        "ann gives up",
        Await.SOON,
        () -> !ann.journal().entries(Entry.Ended.class).isEmpty());
    server.speakAgain();
    Await.until(
        "ann is back",
        Await.SOON,
        () -> ann.journal().entries(Entry.Joined.class).size() == 2);
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
}
