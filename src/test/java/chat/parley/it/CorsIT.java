package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.ChatNode;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may use the HTTP interface. */
@Timeout(60)
class CorsIT {
  private static final String ALLOW = "access-control-allow-origin";
  private static final String GOOD = "https://chat.example.org";

  private static Nodes named;
  private static Nodes own;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    var guests = JsonObject.of("auth", JsonObject.of("guests", true));
    own = Nodes.of(1, guests);
    named =
        Nodes.of(1, guests.copy().put("origins", JsonArray.of(GOOD, "https://*.apps.example.org")));
  }

  @AfterAll
  static void end() {
    own.close();
    named.close();
  }

  private static HttpResponse<String> ask(
      ChatNode node, String method, String path, String origin, Map<String, String> more) {
    var headers = new HashMap<>(more);
    headers.put("Origin", origin);
    return Http.send(node, method, path, headers, "");
  }

  private static HttpResponse<String> preflight(ChatNode node, String origin) {
    return ask(
        node,
        "OPTIONS",
        "/api/v1/rooms/lobby/messages",
        origin,
        Map.of(
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization,content-type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {GOOD, "https://a.apps.example.org"})
  void a_page_that_may_connect_may_ask(String origin) {
    var before = preflight(named.first(), origin);
    assertThat(before.statusCode()).isEqualTo(204);
    assertThat(before.headers().firstValue(ALLOW)).hasValue(origin);
    assertThat(before.headers().firstValue("access-control-allow-methods").orElse(""))
        .contains("GET", "POST", "PUT", "DELETE");
    assertThat(before.headers().firstValue("access-control-allow-headers").orElse(""))
        .contains("Authorization", "Content-Type");
    assertThat(before.headers().allValues("vary").toString()).containsIgnoringCase("origin");
    assertThat(before.headers().firstValue("access-control-allow-credentials")).isEmpty();
    var asked = ask(
        named.first(),
        "GET",
        "/api/v1/rooms",
        origin,
        Map.of("Authorization", "Bearer " + Tokens.admin("root")));
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.headers().firstValue(ALLOW)).hasValue(origin);
  }

  @Test
  void a_page_that_may_ask_can_read_why_it_was_refused() {
    var refused = ask(named.first(), "GET", "/api/v1/rooms", GOOD, Map.of());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue(ALLOW)).hasValue(GOOD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "https://chat.example.org.evil.example",
        "http://chat.example.org",
        "https://apps.example.org",
        "null"
      })
  void a_page_of_another_origin_is_refused(String origin) {
    assertRefused(preflight(named.first(), origin));
    assertRefused(preflight(own.first(), origin));
    var token = Map.of("Authorization", "Bearer " + Tokens.admin("root"));
    assertRefused(ask(named.first(), "GET", "/api/v1/rooms", origin, token));
    assertRefused(ask(named.first(), "DELETE", "/api/v1/users/ann/sessions", origin, token));
    assertRefused(ask(named.first(), "POST", "/api/guest", origin, Map.of()));
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue(ALLOW)).isEmpty();
    assertThat(new JsonObject(answer.body()).getString("detail")).contains("origins");
  }

  @Test
  void a_page_of_this_server_and_a_program_need_no_leave() {
    var headers = Map.of("Origin", own.first().http().toString());
    var page = Http.post(own.first(), "/api/guest", headers, "{\"name\":\"Ann\"}");
    assertThat(page.statusCode()).isEqualTo(200);
    var program = Http.post(own.first(), "/api/guest", Map.of(), "{\"name\":\"Ann\"}");
    assertThat(program.statusCode()).isEqualTo(200);
    assertThat(program.headers().firstValue(ALLOW)).isEmpty();
  }
}
