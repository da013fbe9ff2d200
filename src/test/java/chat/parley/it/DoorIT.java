package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a WebSocket, and for how long. */
@Timeout(60)
class DoorIT {
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

  private static WebSocketConnectOptions plain() {
    var uri = nodes.first().webSocket();
    return new WebSocketConnectOptions()
        .setHost(uri.getHost())
        .setPort(uri.getPort())
        .setURI(uri.getPath());
  }

  private static WebSocketConnectOptions withToken() {
    return plain().addHeader("Authorization", "Bearer " + Tokens.of("ann"));
  }

  private static ChatClient admitted(WebSocketConnectOptions options) {
    var client =
        nodes.with(Await.result("a client", ChatClient.open(nodes.vertx(), options, "client")));
    assertThat(client.await("welcome").getString("user")).isEqualTo("ann");
    return client;
  }

  /** The status and the problem document, which has to say the same. */
  private static UpgradeRejectedException refused(WebSocketConnectOptions options) {
    var why = Await.failure("a client", ChatClient.open(nodes.vertx(), options, "client"));
    assertThat(why).isInstanceOf(UpgradeRejectedException.class);
    var refusal = (UpgradeRejectedException) why;
    assertThat(refusal.getHeaders().get("Content-Type")).isEqualTo("application/problem+json");
    var problem = new JsonObject(refusal.getBody());
    assertThat(problem.getInteger("status")).isEqualTo(refusal.getStatus());
    assertThat(problem.getString("title")).isNotBlank();
    assertThat(problem.getString("detail")).isNotBlank();
    return refusal;
  }

  static Stream<Arguments> placesOfATokenThatAreServed() {
    return Stream.of(
        place(
            "header", options -> options.addHeader("Authorization", "Bearer " + Tokens.of("ann"))),
        place(
            "scheme in any case",
            options -> options.addHeader("Authorization", "bearer " + Tokens.of("ann"))),
        place(
            "subprotocol",
            options ->
                options.addSubProtocol("parley.v1").addSubProtocol("bearer." + Tokens.of("ann"))),
        place(
            "cookie",
            options -> options.addHeader("Cookie", "a=b; parley_token=" + Tokens.of("ann"))));
  }

  private static Arguments place(String name, Consumer<WebSocketConnectOptions> put) {
    return Arguments.of(name, put);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("placesOfATokenThatAreServed")
  void a_token_is_found_wherever_it_may_come(String name, Consumer<WebSocketConnectOptions> put) {
    var options = plain();
    put.accept(options);
    admitted(options);
  }

  @Test
  void a_token_in_the_address_is_not_looked_at_unless_that_is_asked_for() {
    var inAddress = "/ws?x=1&access_token=" + Tokens.of("ann");
    assertThat(refused(plain().setURI(inAddress)).getStatus()).isEqualTo(401);
    var asked = JsonObject.of("auth", JsonObject.of("query", true));
    try (var open = Nodes.of(1, asked)) {
      var options = plain().setPort(open.first().http().getPort()).setURI(inAddress);
      admitted(options);
      nodes.hangUp();
    }
  }

  @Test
  void nobody_comes_in_without_a_token() {
    assertThat(refused(plain()).getStatus()).isEqualTo(401);
  }

  static Stream<Arguments> badTokens() {
    var hour = Duration.ofHours(1);
    var good = new Tokens().user("ann").expiresIn(hour);
    var other = new Tokens("x".repeat(40), InstantSource.system());
    var signed = good.sign();
    return Stream.of(
        Arguments.of("no JWT", "nonsense"),
        Arguments.of("empty", ""),
        Arguments.of(
            "expired",
            new Tokens().user("ann").expiresIn(Duration.ofSeconds(-1)).sign()),
        Arguments.of("not yet valid", good.with("nbf", 4_000_000_000L).sign()),
        Arguments.of("another key", other.user("ann").expiresIn(hour).sign()),
        Arguments.of("cut", signed.substring(0, signed.length() - 2)),
        Arguments.of("other claims", withClaims(signed, "{\"sub\":\"root\"}")),
        Arguments.of("alg none", unsigned("none")),
        Arguments.of("alg None", unsigned("None")),
        Arguments.of("no user", new Tokens().sign(new JsonObject())),
        Arguments.of("a user that is none", new Tokens().user("a\nb").sign()),
        Arguments.of("a role that is none", good.role("king").sign()));
  }

  private static String unsigned(String algorithm) {
    return base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}") + "."
        + base64("{\"sub\":\"ann\"}") + ".";
  }

  private static String withClaims(String token, String claims) {
    var parts = token.split("\\.", 3);
    return parts[0] + "." + base64(claims) + "." + parts[2];
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void a_token_that_is_not_good_is_refused_and_not_quoted(String name, String token) {
    var refusal = refused(plain().addHeader("Authorization", "Bearer " + token));
    assertThat(refusal.getStatus()).isEqualTo(401);
    if (!token.isEmpty()) {
      assertThat(refusal.getBody().toString()).doesNotContain(token);
    }
  }

  @Test
  void a_page_of_another_origin_is_refused_whatever_its_token() {
    var foreign = withToken().addHeader("Origin", "https://evil.example");
    assertThat(refused(foreign).getStatus()).isEqualTo(403);
    var similar = withToken().addHeader("Origin", nodes.first().http() + ".evil.example");
    assertThat(refused(similar).getStatus()).isEqualTo(403);
    assertThat(refused(withToken().addHeader("Origin", "null")).getStatus()).isEqualTo(403);
  }

  @Test
  void a_page_of_this_server_comes_in() {
    admitted(withToken().addHeader("Origin", nodes.first().http().toString()));
  }

  static Stream<Arguments> subprotocols() {
    return Stream.of(
        Arguments.of(new String[] {}, null),
        Arguments.of(new String[] {"parley.v1"}, "parley.v1"),
        Arguments.of(new String[] {"mqtt", "parley.v1"}, "parley.v1"));
  }

  @ParameterizedTest
  @MethodSource("subprotocols")
  void the_subprotocol_is_answered(String[] offered, @Nullable String chosen) {
    var options = withToken();
    Stream.of(offered).forEach(options::addSubProtocol);
    assertThat(admitted(options).subprotocol()).isEqualTo(chosen);
  }

  @Test
  void whoever_offers_only_unknown_subprotocols_is_refused() {
    var options = withToken().addSubProtocol("mqtt").addSubProtocol("parley.v2");
    assertThat(refused(options).getStatus()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "HEAD"})
  void without_an_upgrade_the_path_says_what_it_speaks(String method) {
    var answer = Http.send(nodes.first(), method, "/ws", Map.of(), "");
    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(answer.headers().firstValue("upgrade")).hasValue("websocket");
  }

  @Test
  void a_connection_ends_with_its_token() {
    var token = new Tokens().user("ann").expiresIn(Duration.ofSeconds(2)).sign();
    var client = nodes.connectWith(token);
    assertThat(client.await("welcome").getLong("expires")).isPositive();
    var bye = client.await("bye");
    assertThat(bye.getInteger("code")).isEqualTo(4401);
    assertThat(bye.getBoolean("reconnect")).isTrue();
    assertThat(client.awaitEnding(Await.SOON).code()).isEqualTo(4401);
  }

  @Test
  void a_fresh_token_extends_the_session() {
    var client = nodes.connectWith(
        new Tokens().user("ann").expiresIn(Duration.ofSeconds(2)).sign());
    var session = client.await("welcome");
    client.join("door");
    var renewed = Await.result("renewal", client.request(auth(Tokens.of("ann"))));
    assertThat(renewed.getString("type")).isEqualTo("authenticated");
    assertThat(renewed.getString("user")).isEqualTo("ann");
    assertThat(renewed.getLong("expires")).isGreaterThan(session.getLong("expires"));
    Await.pass(Duration.ofSeconds(3));
    client.awaitAck("door", "still here", "m");
  }

  @Test
  void a_token_of_another_user_or_a_bad_one_changes_nothing() {
    var client = nodes.connect("ann");
    assertThat(code(client, Tokens.of("bob"))).isEqualTo("forbidden");
    assertThat(code(client, "nonsense")).isEqualTo("unauthenticated");
    var endless = new Tokens().user("ann").with("x", "x".repeat(9_000)).sign();
    assertThat(code(client, endless)).isEqualTo("unauthenticated");
    client.join("door");
    client.awaitAck("door", "still ann", "n");
    assertThat(client.await("message").getString("user")).isEqualTo("ann");
  }

  private static String code(ChatClient client, String token) {
    Await.failure("auth", client.request(auth(token)));
    return client.await("error").getString("code");
  }

  private static JsonObject auth(String token) {
    return JsonObject.of("type", "auth", "token", token);
  }
}
