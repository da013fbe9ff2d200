package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.ChatNode;
import chat.parley.testing.LogWatch;
import chat.parley.testing.SockJsClient;
import chat.parley.testing.Tokens;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets a SockJS session, and what else of HTTP is at the door. */
@Timeout(60)
class SockJsDoorIT {
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    nodes = Nodes.of(1, new JsonObject());
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  private static SockJsClient nameless(SockJsClient.Transport transport) {
    return nodes.with(SockJsClient.connect(nodes.vertx(), nodes.first().sockjs(), transport, null));
  }

  private static JsonObject auth(String token) {
    return JsonObject.of("type", "auth", "ref", "a", "token", token);
  }

  @ParameterizedTest
  @EnumSource(SockJsClient.Transport.class)
  void an_auth_frame_opens_the_session_and_before_it_all_else_is_refused(
      SockJsClient.Transport transport) {
    var client = nameless(transport);
    var join = JsonObject.of("type", "join", "ref", "j", "room", "door");
    Await.result("sending", client.send(join));
    var refused = client.await("error");
    assertThat(refused.getString("code")).isEqualTo("unauthenticated");
    assertThat(refused.getString("ref")).isEqualTo("j");
    Await.result("sending", client.send(auth("nonsense")));
    assertThat(client.await("error").getString("code")).isEqualTo("unauthenticated");
    Await.result("sending", client.send(auth(Tokens.of("ann"))));
    assertThat(client.await("authenticated").getString("ref")).isEqualTo("a");
    assertThat(client.await("welcome").getString("user")).isEqualTo("ann");
    client.join("door");
  }

  @ParameterizedTest
  @EnumSource(SockJsClient.Transport.class)
  void who_does_not_authenticate_in_time_is_sent_away(SockJsClient.Transport transport) {
    var client = nameless(transport);
    var bye = client.await("bye");
    assertThat(bye.getInteger("code")).isEqualTo(4501);
    assertThat(bye.getBoolean("reconnect")).isFalse();
    client.awaitEnding(Await.SOON);
  }

  @Test
  void a_polling_client_with_the_cookie_is_welcome_at_once() {
    var session = "/sockjs/000/" + UUID.randomUUID();
    assertThat(poll(session, "parley_token=" + Tokens.of("ann")).body()).isEqualTo("o\n");
    var welcome = poll(session, "parley_token=" + Tokens.of("ann")).body();
    assertThat(welcome).startsWith("a[");
    var frame = new JsonObject(new JsonArray(welcome.substring(1)).getString(0));
    assertThat(frame.getString("type")).isEqualTo("welcome");
    assertThat(frame.getString("user")).isEqualTo("ann");
  }

  @Test
  void a_websocket_client_with_the_cookie_is_welcome_at_once() {
    var uri = nodes.first().http();
    var options = new WebSocketConnectOptions()
        .setHost(uri.getHost())
        .setPort(uri.getPort())
        .setURI("/sockjs/000/" + UUID.randomUUID() + "/websocket")
        .addHeader("Cookie", "parley_token=" + Tokens.of("ann"));
    var client = nodes.with(
        Await.result("a client", ChatClient.open(nodes.vertx(), options, "sockjs by hand")));
    assertThat(client.await("(not JSON)").getString("text")).isEqualTo("o");
    assertThat(client.await("(not JSON)").getString("text"))
        .startsWith("a[")
        .contains("welcome", "ann");
  }

  @Test
  void a_bad_token_in_the_cookie_is_refused() {
    var answer = poll("/sockjs/000/" + UUID.randomUUID(), "parley_token=nonsense");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertProblem(answer);
  }

  @Test
  void a_page_of_another_origin_is_refused() {
    var answer = Http.post(
        nodes.first(),
        "/sockjs/000/" + UUID.randomUUID() + "/xhr",
        Map.of("Origin", "https://evil.example"),
        "");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertProblem(answer);
  }

  @Test
  void a_session_ends_with_its_token_over_sockjs_too() {
    var client = nameless(SockJsClient.Transport.XHR);
    var token = new Tokens().user("ann").expiresIn(Duration.ofSeconds(2)).sign();
    Await.result("sending", client.send(auth(token)));
    assertThat(client.await("bye").getInteger("code")).isEqualTo(4401);
  }

  @Test
  void there_are_no_guests_unless_allowed() {
    var answer = Http.post(nodes.first(), "/api/guest", Map.of(), "{\"name\":\"Ann\"}");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertProblem(answer);
  }

  @Test
  void a_guest_gets_a_token_that_opens_the_door() {
    try (var open = guests()) {
      var answer = Http.post(open, "/api/guest", Map.of(), "{\"name\":\"Ann\"}");
      assertThat(answer.statusCode()).isEqualTo(200);
      var token = new JsonObject(answer.body()).getString("token");
      try (var client = ChatClient.connect(nodes.vertx(), open.webSocket(), token)) {
        assertThat(client.await("welcome").getString("user")).startsWith("guest-");
        client.join("door");
        client.awaitAck("door", "hello", "g");
        assertThat(client.await("message").getString("name")).isEqualTo("Ann");
      }
      for (var body : new String[] {"", "{", "[]", "{\"name\":7}", "{\"name\":\" \"}"}) {
        var refused = Http.post(open, "/api/guest", Map.of(), body);
        assertThat(refused.statusCode()).as(body).isEqualTo(400);
        assertProblem(refused);
      }
      var large = "{\"name\":\"" + "x".repeat(10_000) + "\"}";
      assertThat(Http.post(open, "/api/guest", Map.of(), large).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void a_node_that_leaves_lets_nobody_in_and_says_that_it_is_not_ready() {
    try (var leaving = guests()) {
      assertThat(Http.get(leaving, "/health/ready").statusCode()).isEqualTo(200);
      leaving.leave();
      assertThat(Http.get(leaving, "/health/ready").statusCode()).isEqualTo(503);
      assertThat(Http.get(leaving, "/health/live").statusCode()).isEqualTo(200);
      assertProblem(Http.get(leaving, "/ws"), 503);
      assertProblem(Http.get(leaving, "/sockjs/info"), 503);
    }
  }

  private static TestNode guests() {
    return TestNode.alone(JsonObject.of("auth", JsonObject.of("guests", true)));
  }

  private static HttpResponse<String> poll(String session, String cookie) {
    ChatNode node = nodes.first();
    return Http.post(node, session + "/xhr", Map.of("Cookie", cookie), "");
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertProblem(answer);
  }

  private static void assertProblem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(answer.statusCode());
  }
}
