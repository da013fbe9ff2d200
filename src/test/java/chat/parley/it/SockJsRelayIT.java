package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.ChatNode;
import chat.parley.testing.Haproxy;
import chat.parley.testing.LogWatch;
import chat.parley.testing.SockJsClient;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SockJS over HTTP with two nodes behind a load balancer that is not sticky. */
@Timeout(60)
class SockJsRelayIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int MESSAGES = 40;

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
  void all_is_as_promised() {
    try {
      nodes.judge().assertClean();
    } finally {
      nodes.hangUp();
    }
  }

  private static double forwarded() {
    return nodes.metric("parley.sockjs.forwarded");
  }

  @ParameterizedTest
  @EnumSource(
      value = SockJsClient.Transport.class,
      names = {"XHR", "XHR_STREAMING"})
  void a_client_whose_requests_reach_any_node_sends_and_hears_all(
      SockJsClient.Transport transport) {
    double before = forwarded();
    var room = "around-" + transport;
    var wanderer = nodes.connectAround(transport, "ann");
    wanderer.await("welcome");
    wanderer.join(room);
    var bob = nodes.connect("bob");
    bob.join(room);
    for (int i = 0; i < MESSAGES; i++) {
      wanderer.awaitAck(room, "from ann " + i, "a" + i);
      bob.awaitAck(room, "from bob " + i, "b" + i);
    }
    assertThat(wanderer.awaitMessages(room, 2 * MESSAGES, LONG)).hasSize(2 * MESSAGES);
    assertThat(bob.awaitMessages(room, 2 * MESSAGES, LONG)).hasSize(2 * MESSAGES);
    assertThat(forwarded() - before).isGreaterThan(MESSAGES / 2.0);
  }

  @ParameterizedTest
  @EnumSource(
      value = SockJsClient.Transport.class,
      names = {"XHR", "XHR_STREAMING"})
  void with_a_sticky_load_balancer_nothing_is_forwarded(SockJsClient.Transport transport) {
    double before = forwarded();
    var client = nodes.with(
        SockJsClient.connect(nodes.vertx(), nodes.second().sockjs(), transport, Tokens.of("ann")));
    client.await("welcome");
    client.join("sticky");
    for (int i = 0; i < MESSAGES; i++) {
      client.awaitAck("sticky", "message " + i, transport + "-" + i);
    }
    client.awaitMessages("sticky", MESSAGES, LONG);
    assertThat(forwarded()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"XHR, false", "XHR, true", "XHR_STREAMING, false", "WEBSOCKET, false"})
  void behind_haproxy_it_is_the_same(SockJsClient.Transport transport, boolean sticky) {
    Haproxy.assumeInstalled();
    double before = forwarded();
    var room = "haproxy-%s-%s".formatted(transport, sticky);
    var here = List.of(nodes.first().http(), nodes.second().http());
    try (var proxy = Haproxy.start("SockJsRelayIT", here, sticky)) {
      var sockJs = proxy.http().resolve("/sockjs");
      var ann =
          nodes.with(SockJsClient.connect(nodes.vertx(), sockJs, transport, Tokens.of("ann")));
      ann.await("welcome");
      ann.join(room);
      var webSocket = URI.create("ws://" + proxy.http().getAuthority() + "/ws");
      var bob = nodes.with(ChatClient.connect(nodes.vertx(), webSocket, Tokens.of("bob")));
      bob.join(room);
      for (int i = 0; i < MESSAGES; i++) {
        ann.awaitAck(room, "from ann " + i, "a" + i);
        bob.awaitAck(room, "from bob " + i, "b" + i);
      }
      assertThat(ann.awaitMessages(room, 2 * MESSAGES, LONG)).hasSize(2 * MESSAGES);
      assertThat(bob.awaitMessages(room, 2 * MESSAGES, LONG)).hasSize(2 * MESSAGES);
      assertThat(
              Http.send(proxy.http().resolve("/metrics"), "GET", Map.of(), "").statusCode())
          .isEqualTo(403);
      nodes.hangUp();
    }
    if (sticky || transport == SockJsClient.Transport.WEBSOCKET) {
      assertThat(forwarded()).isEqualTo(before);
    } else {
      assertThat(forwarded() - before).isGreaterThan(MESSAGES / 4.0);
    }
  }

  @Test
  void a_client_that_hangs_up_at_one_node_has_left_at_the_other() {
    Await.until("nobody is left", LONG, () -> nodes.metric("parley.connections") == 0);
    var wanderer = nodes.connectAround(SockJsClient.Transport.XHR_STREAMING, "ann");
    wanderer.await("welcome");
    wanderer.join("hang-up");
    assertThat(nodes.metric("parley.connections")).isEqualTo(1);
    wanderer.close();
    Await.until("the session has ended", LONG, () -> nodes.metric("parley.connections") == 0);
    assertThat(nodes.metric("parley.sockjs.forwarding")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xhr_send", "jsonp_send"})
  void a_session_that_is_not_there_is_not_found_on_any_node(String transport) {
    for (var node : new ChatNode[] {nodes.first(), nodes.second()}) {
      var answer = Http.post(
          node, "/sockjs/000/" + UUID.randomUUID() + "/" + transport, Map.of(), "[\"{}\"]");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(new JsonObject(answer.body()).getString("title")).isEqualTo("No such session");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "with%20space", "%C3%BCmlaut%C3%BCmlaut"})
  void an_id_of_another_form_is_refused(String id) {
    var answer = post(nodes.first(), "/sockjs/000/" + id + "/xhr", "", "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Bad session id", "8–128");
  }

  @Test
  void a_session_that_began_with_a_cookie_is_nobody_elses() {
    var session = "/sockjs/000/" + UUID.randomUUID();
    assertThat(post(nodes.first(), session + "/xhr", "ann", "").body()).isEqualTo("o\n");
    var frame = "[\"{\\\"type\\\":\\\"ping\\\",\\\"ref\\\":1}\"]";
    for (var node : new ChatNode[] {nodes.first(), nodes.second()}) {
      for (var thief : new String[] {"", "bob"}) {
        assertThat(post(node, session + "/xhr_send", thief, frame).statusCode()).isEqualTo(404);
        assertThat(post(node, session + "/xhr", thief, "").statusCode()).isEqualTo(404);
      }
    }
    assertThat(post(nodes.second(), session + "/xhr_send", "ann", frame).statusCode())
        .isEqualTo(204);
    var heard = post(nodes.second(), session + "/xhr", "ann", "").body();
    assertThat(heard).startsWith("a[").contains("welcome", "ann", "pong");
  }

  @Test
  void the_token_in_a_cookie_is_not_sent_back() {
    var answer = post(nodes.first(), "/sockjs/000/" + UUID.randomUUID() + "/xhr", "ann", "");
    assertThat(answer.body()).isEqualTo("o\n");
    assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
  }

  @Test
  void the_relay_port_has_nothing_for_those_who_do_not_know_its_key() {
    var session = "/sockjs/000/" + UUID.randomUUID();
    assertThat(post(nodes.first(), session + "/xhr", "", "").body()).isEqualTo("o\n");
    var relay = nodes.first().relay();
    for (var shown :
        List.of(Map.<String, String>of(), Map.of("Parley-Relay-Key", "x".repeat(32)))) {
      for (var path : new String[] {session + "/xhr_send", session + "/xhr", "/sockjs/info", "/"}) {
        var answer = Http.send(relay.resolve(path), "POST", shown, "[\"{}\"]");
        assertThat(answer.statusCode()).as(path).isEqualTo(404);
      }
    }
    assertThat(Http.send(relay.resolve("/health/live"), "GET", Map.of(), "").statusCode())
        .isEqualTo(404);
  }

  private static HttpResponse<String> post(ChatNode node, String path, String user, String body) {
    Map<String, String> headers =
        user.isEmpty() ? Map.of() : Map.of("Cookie", "parley_token=" + Tokens.of(user));
    return Http.post(node, path, headers, body);
  }
}
