package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RefusedException;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one session may ask for. */
@Timeout(60)
class LimitsIT {
  private static final int ROOMS = 3;
  private static final int RATE = 5;
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    var limits =
        JsonObject.of("rooms", ROOMS, "rate", RATE, "bytes", 70_000, "joins", 20, "reads", 50);
    nodes = Nodes.of(1, JsonObject.of("limits", limits));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  private static JsonObject refusal(Conversation client, JsonObject frame) {
    var why = Await.failure(frame.encode(), client.request(frame));
    assertThat(why).isInstanceOf(RefusedException.class);
    return ((RefusedException) why).frame();
  }

  private static JsonObject join(String room) {
    return JsonObject.of("type", "join", "room", room);
  }

  private static JsonObject publish(String room) {
    return JsonObject.of("type", "publish", "room", room, "data", 1);
  }

  @Test
  void the_welcome_tells_the_limits() {
    var limits = nodes.connect("ann").await("welcome").getJsonObject("limits");
    assertThat(limits)
        .isEqualTo(new JsonObject(
            "{\"frame\":65536,\"rooms\":3,\"rate\":5,\"bytes\":70000,\"joins\":20,\"reads\":50}"));
  }

  @Test
  void one_room_too_many_has_to_wait_for_another_to_be_left() {
    var ann = nodes.connect("ann");
    IntStream.range(0, ROOMS).forEach(i -> ann.join("room-" + i));
    var refused = refusal(ann, join("room-more"));
    assertThat(refused.getString("code")).isEqualTo("too_many_rooms");
    assertThat(refused.getString("room")).isEqualTo("room-more");
    ann.join("room-0"); // again is not more
    ann.leave("room-1");
    ann.join("room-more");
  }

  @Test
  void a_room_that_the_token_does_not_name_stays_closed() {
    var token = new Tokens()
        .user("ann")
        .rooms("lobby", "team-*")
        .expiresIn(Duration.ofHours(1))
        .sign();
    var ann = nodes.connectWith(token);
    ann.join("lobby");
    ann.join("team-red");
    for (var room : new String[] {"lobby2", "team", "steam-x", "elsewhere"}) {
      assertThat(refusal(ann, join(room)).getString("code")).isEqualTo("forbidden");
      assertThat(refusal(ann, publish(room)).getString("code")).isEqualTo("not_joined");
    }
  }

  @Test
  void who_talks_too_fast_is_told_when_to_go_on() {
    var ann = nodes.connect("ann");
    ann.join("fast");
    var others = nodes.connect("bob");
    others.join("fast");
    var asked =
        IntStream.range(0, 3 * RATE).mapToObj(i -> ann.request(publish("fast"))).toList();
    asked.forEach(one -> Await.result("an answer", one.otherwiseEmpty()));
    assertThat(asked.subList(0, 2 * RATE)).allMatch(one -> one.succeeded());
    var refused = ann.await("error");
    assertThat(refused.getString("code")).isEqualTo("rate_limited");
    assertThat(refused.getLong("retryAfter")).isBetween(1L, 1_000L / RATE);
    Await.pass(Duration.ofMillis(refused.getLong("retryAfter")));
    ann.awaitAck("fast", "again", "again");
    others.awaitAck("fast", "has a rate of its own", "own");
  }

  @Test
  void signals_count_too_and_reading_does_not() {
    var ann = nodes.connect("ann");
    ann.join("signals");
    for (int i = 0; i < 3 * RATE; i++) {
      Await.result(
          "signal", ann.send(JsonObject.of("type", "signal", "room", "signals", "name", "typing")));
    }
    assertThat(ann.await("error").getString("code")).isEqualTo("rate_limited");
    for (int i = 0; i < 10 * RATE; i++) {
      Await.result("ping", ann.request(JsonObject.of("type", "ping")));
      Await.result("history", ann.request(JsonObject.of("type", "history", "room", "signals")));
    }
  }
}
