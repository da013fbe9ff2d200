package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Conversation;
import chat.parley.testing.Tokens;
import chat.parley.testing.Watcher;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node of two is told to end, and then the other one: what clients and a load balancer see of that. A drain takes seconds, so one has to do for all of it. */
@Timeout(60)
class DrainIT {
  private static final int RATE = 20;
  private static final int DEAF = 30;
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** What a counter showed. */
  private record Reading(long at, int sum) {}

  private final List<Reading> sent = new ArrayList<>();
  private Nodes nodes;
  private Watcher ann;
  private ChatClient bob;
  private Conversation polling;
  private final List<ChatClient> deaf = new ArrayList<>();

  @BeforeEach
  void start() {
    nodes = Nodes.of(
        2,
        JsonObject.of(
            "drain", JsonObject.of("rate", RATE, "seconds", DRAIN.toSeconds() + "s"),
            "presence", JsonObject.of("grace", "1s")));
    ann = Await.result("ann", Watcher.connect(nodes.vertx(), nodes.second().webSocket(), "ann"));
    Await.result("ann joins", ann.join("room"));
    bob = nodes.connect("bob");
    bob.join("room");
    polling = nodes.connect(Carrier.SOCKJS_XHR, "polly");
    polling.await("welcome"); // over SockJS the token comes in a frame
    polling.join("room");
    for (int i = 0; i < DEAF; i++) {
      deaf.add(nodes.connect("deaf" + i));
    }
    Await.until("ann sees all", Await.SOON, () -> ann.room("room").users().size() == 3);
  }

  @AfterEach
  void end() {
    ann.hangUp(1000);
    nodes.close();
  }

  private int status(int node, String path) {
    return Http.get(node == 0 ? nodes.first() : nodes.second(), path).statusCode();
  }

  @Test
  void clients_go_one_after_the_other_and_nobody_sees_them_leave() {
    int before = ann.room("room").pushes().size();

    var drained = nodes.first().drain();

    nobodyIsLetIn();
    bobGoes();
    polling.awaitAck("room", "a session over HTTP goes on too", "m");
    Await.until("all are sent away", DRAIN, this::allAreSentAway);
    assertThat(peak()).isLessThanOrEqualTo(RATE);
    othersAreToldGoodbye();
    Await.result("the drain", drained, DRAIN);
    assertThat(nodes.first().metric("parley.connections")).isZero();
    assertThat(bobIn(
            ann.room("room").pushes().subList(before, ann.room("room").pushes().size())))
        .isEmpty();
    assertThat(ann.room("room").users()).containsKeys("ann", "bob");

    // The last one has nobody to send its clients to, and waits for none: the end itself tells them
    // goodbye.
    Await.result("the other drain", nodes.second().drain(), Duration.ofSeconds(5));
  }

  private void nobodyIsLetIn() {
    assertThat(status(0, "/health/ready")).isEqualTo(503);
    assertThat(status(0, "/health/live")).isEqualTo(200);
    assertThat(status(0, "/sockjs/info")).isEqualTo(503);
    assertThat(status(1, "/health/ready")).isEqualTo(200);
    var late = ChatClient.options(nodes.first().webSocket(), Tokens.of("late"));
    assertThat(Await.failure("late", ChatClient.open(nodes.vertx(), late, "late")))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class, no -> assertThat(no.getStatus()).isEqualTo(503));
  }

  private void bobGoes() {
    assertThat(bob.await("goaway").getLong("reconnectAfter")).isBetween(0L, 1_000L);
    bob.awaitAck("room", "as long as he is here, all is as ever", "m");
    bob.hangUp(1000);
    nodes.connectToSecond("bob").join("room");
  }

  private void othersAreToldGoodbye() {
    for (var client : List.of(deaf.getFirst(), deaf.getLast(), polling)) {
      client.await("goaway");
      var bye = client.await("bye");
      assertThat(bye.getInteger("code")).isEqualTo(1001);
      assertThat(bye.getLong("reconnectAfter")).isZero();
    }
  }

  private boolean allAreSentAway() {
    int sum = (int) nodes.first().metric("parley.connections.sent.away");
    sent.add(new Reading(System.nanoTime(), sum));
    return sum == DEAF + 2;
  }

  /** The most that were sent away within a second. */
  private int peak() {
    return sent.stream()
        .mapToInt(from -> sent.stream()
            .filter(to -> to.at >= from.at && to.at - from.at <= 1_000_000_000L)
            .mapToInt(to -> to.sum - from.sum)
            .max()
            .orElseThrow())
        .max()
        .orElseThrow();
  }

  private static List<JsonObject> bobIn(List<JsonObject> pushes) {
    return pushes.stream().filter(push -> push.encode().contains("\"bob\"")).toList();
  }
}
