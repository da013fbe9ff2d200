package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.api.ServerApi;
import chat.parley.testing.Await;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What other programs may ask, over HTTP and over the event bus; whichever node they ask. */
@Timeout(60)
class ServerApiIT {
  private static final Map<String, String> ADMIN =
      Map.of("Authorization", "Bearer " + Tokens.admin("backend"));
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

  private static HttpResponse<String> http(String method, String path, String body) {
    return Http.send(nodes.first(), method, "/api/v1/" + path, ADMIN, body);
  }

  private static JsonObject ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    return new JsonObject(answer.body());
  }

  private static JsonObject bus(String action, JsonObject asked) {
    var options = new DeliveryOptions().addHeader("action", action);
    var answer =
        nodes.second().vertx().eventBus().<JsonObject>request(ServerApi.ADDRESS, asked, options);
    return Await.result(action, answer).body();
  }

  private static JsonObject said(String id) {
    return JsonObject.of("user", "robot", "name", "Robot", "id", id, "data", JsonObject.of("n", 1));
  }

  @Test
  void a_message_said_over_http_is_heard_by_members_on_every_node_once() {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    ann.join("api-say");
    bob.join("api-say");

    var first = ok(http("POST", "rooms/api-say/messages", said("m1").encode()));
    var again = ok(http("POST", "rooms/api-say/messages", said("m1").encode()));
    var other = bus("publish", said("m2").put("room", "api-say"));

    assertThat(first.getString("id")).isEqualTo("m1");
    assertThat(first.getLong("time")).isPositive();
    assertThat(first.containsKey("duplicate")).isFalse();
    assertThat(again.getBoolean("duplicate")).isTrue();
    assertThat(again.getLong("seq")).isEqualTo(first.getLong("seq"));
    assertThat(other.getLong("seq")).isEqualTo(first.getLong("seq") + 1);
    for (var member : new chat.parley.testing.ChatClient[] {ann, bob}) {
      var heard = member.await("message");
      assertThat(heard.getString("user")).isEqualTo("robot");
      assertThat(heard.getString("name")).isEqualTo("Robot");
      assertThat(heard.getJsonObject("data").getInteger("n")).isEqualTo(1);
      assertThat(member.await("message").getString("id")).isEqualTo("m2");
    }
  }

  @Test
  void without_an_id_each_is_a_message_of_its_own() {
    var said = JsonObject.of("user", "robot", "data", "x").encode();
    var one = ok(http("POST", "rooms/api-ids/messages", said));
    var two = ok(http("POST", "rooms/api-ids/messages", said));

    assertThat(one.getString("id")).isNotBlank().isNotEqualTo(two.getString("id"));
    assertThat(two.getLong("seq")).isEqualTo(2);
  }

  @Test
  void history_is_read_in_pages_either_way() {
    IntStream.rangeClosed(1, 5)
        .forEach(i -> ok(http("POST", "rooms/api-log/messages", said("m" + i).encode())));

    var newest = ok(http("GET", "rooms/api-log/messages?limit=2", ""));
    var before = ok(http("GET", "rooms/api-log/messages?limit=2&before=4", ""));
    var after = bus("history", JsonObject.of("room", "api-log", "after", 3));

    assertThat(ids(newest)).containsExactly("m4", "m5");
    assertThat(newest.getBoolean("more")).isTrue();
    assertThat(ids(before)).containsExactly("m2", "m3");
    assertThat(ids(after)).containsExactly("m4", "m5");
    assertThat(after.getBoolean("more")).isFalse();
  }

  private static Stream<String> ids(JsonObject page) {
    return objects(page.getJsonArray("messages")).map(message -> message.getString("id"));
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  @Test
  void all_rooms_are_listed_page_by_page_each_once() {
    IntStream.range(0, 25)
        .forEach(
            i -> ok(http("POST", "rooms/api-list-" + i + "/messages", said("m").encode())));

    var seen = new ArrayList<String>();
    var cursor = "";
    do {
      var page = ok(http("GET", "rooms?limit=7" + cursor, ""));
      assertThat(page.getJsonArray("rooms").size()).isLessThanOrEqualTo(7);
      objects(page.getJsonArray("rooms"))
          .filter(room -> room.getString("room").startsWith("api-list-"))
          .forEach(room -> {
            assertThat(room.getLong("seq")).isEqualTo(1);
            seen.add(room.getString("room"));
          });
      cursor = page.containsKey("cursor") ? "&cursor=" + page.getString("cursor") : "";
    } while (!cursor.isEmpty());

    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void nodes_and_a_users_sessions_are_told_and_ended() {
    var client = nodes.connectToSecond("api-user");
    var session = client.await("welcome").getString("session");
    Await.until("the session", Await.SOON, () -> sessions().size() == 1);

    assertThat(sessions().getJsonObject(0).getString("session")).isEqualTo(session);
    assertThat(objects(ok(http("GET", "nodes", "")).getJsonArray("nodes"))
            .map(node -> node.getString("node")))
        .hasSize(2)
        .contains(sessions().getJsonObject(0).getString("node"));

    var ended = ok(http("DELETE", "users/api-user/sessions", ""));

    assertThat(ended.getInteger("disconnected")).isEqualTo(1);
    assertThat(ended.getJsonArray("silent")).isEmpty();
    assertThat(client.await("bye").getInteger("code")).isEqualTo(4503);
    Await.until("nobody", Await.SOON, () -> sessions().isEmpty());
  }

  private static JsonArray sessions() {
    return bus("sessions", JsonObject.of("user", "api-user")).getJsonArray("sessions");
  }

  @Test
  void who_is_in_a_room_is_told_page_by_page_whoever_is_asked() {
    nodes.connect("ann").join("api-who");
    nodes.connect("bob").join("api-who");
    nodes.connectToSecond("bob").join("api-who");
    nodes.connectToSecond("cem").join("api-who");
    Await.until("all are there", Await.SOON, () -> who("").getInteger("count") == 3);

    var first = who("?limit=2");
    var rest = bus("presence", JsonObject.of("room", "api-who", "after", "bob"));

    assertThat(users(first)).containsExactly("ann", "bob");
    assertThat(first.getBoolean("more")).isTrue();
    assertThat(users(rest)).containsExactly("cem");
    assertThat(rest.fieldNames()).containsExactlyInAnyOrder("room", "count", "users", "more");
    Await.until(
        "bob's two connections",
        Await.SOON,
        () -> objects(who("").getJsonArray("users"))
            .anyMatch(
                user -> user.getString("user").equals("bob") && user.getInteger("sessions") == 2));
  }

  private static JsonObject who(String query) {
    return ok(http("GET", "rooms/api-who/presence" + query, ""));
  }

  private static Stream<String> users(JsonObject page) {
    return objects(page.getJsonArray("users")).map(user -> user.getString("user"));
  }

  @Test
  void a_node_without_members_in_the_room_tells_what_is_so_now() {
    for (int i = 0; i < 5; i++) {
      var ann = nodes.connectToSecond("ann");
      ann.join("api-elsewhere");
      Await.until("ann", Await.SOON, () -> inElsewhere() == 1);
      ann.send(JsonObject.of("type", "leave", "room", "api-elsewhere"));
      Await.until("nobody", Await.SOON, () -> inElsewhere() == 0);
    }
  }

  private static int inElsewhere() {
    return ok(http("GET", "rooms/api-elsewhere/presence", "")).getInteger("count");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("POST", "rooms/x/messages", "no json", "body"),
        Arguments.of("POST", "rooms/x/messages", "[]", "body"),
        Arguments.of("POST", "rooms/x/messages", "{\"data\":1}", "user"),
        Arguments.of("POST", "rooms/x/messages", "{\"user\":\"u\"}", "data"),
        Arguments.of("POST", "rooms/no%20room/messages", "{\"user\":\"u\",\"data\":1}", "room"),
        Arguments.of("POST", "rooms/x/messages", "{\"user\":\"u\",\"data\":1,\"id\":\"\"}", "id"),
        Arguments.of("GET", "rooms/x/messages?limit=1000", "", "limit"),
        Arguments.of("GET", "rooms/x/messages?before=x", "", "before"),
        Arguments.of("GET", "rooms/x/presence?limit=501", "", "limit"),
        Arguments.of("GET", "rooms/no%20room/presence", "", "room"),
        Arguments.of("GET", "rooms?limit=0", "", "limit"),
        Arguments.of("GET", "rooms?cursor=zzz", "", "cursor"),
        Arguments.of("GET", "rooms?cursor=99999/a", "", "cursor"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_told(String method, String path, String body, String named) {
    var answer = http(method, path, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).getString("detail")).contains(named);
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void nobody_but_an_admin_is_served(Map<String, String> headers, int status) {
    for (var path :
        new String[] {"rooms", "nodes", "users/ann/sessions", "rooms/x/messages", "rooms/x/presence"
        }) {
      var answer = Http.send(nodes.first(), "GET", "/api/v1/" + path, headers, "");
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(new JsonObject(answer.body()).getString("detail")).contains("token");
    }
  }

  static Stream<Arguments> tokens() {
    return Stream.of(
        Arguments.of(Map.of(), 401),
        Arguments.of(Map.of("Authorization", "Bearer nonsense"), 401),
        Arguments.of(Map.of("Authorization", "Bearer " + Tokens.of("ann")), 403));
  }

  @Test
  void over_the_bus_a_mistake_is_a_failure_with_the_status_of_http() {
    var asked = JsonObject.of("action", "dance");
    var why = Await.failure(
        "an action", nodes.second().vertx().eventBus().request(ServerApi.ADDRESS, asked));

    assertThat(why).isInstanceOfSatisfying(ReplyException.class, failure -> {
      assertThat(failure.failureCode()).isEqualTo(400);
      assertThat(failure).hasMessageContaining("publish, history, presence, rooms");
    });
  }
}
