package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RawHttp;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP that no library would send. Where two readings are possible nobody may get a second request out of it. */
@Timeout(60)
class RawHttpIT {
  /** What would be answered if it were taken for a request of its own. */
  private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    nodes = Nodes.of(1, JsonObject.of("auth", JsonObject.of("guests", true)));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  private static final String LAST =
      "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private static String post(String headers, String body) {
    return "POST /api/guest HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
  }

  /** The answers that come back until the connection is closed. */
  private static List<String> answers(String request) {
    try (var raw = RawHttp.to(nodes.first())) {
      var all = raw.send(request).rest();
      return STATUS.matcher(all).results().map(found -> found.group(1)).toList();
    }
  }

  static Stream<Arguments> smuggling() {
    var chunked = "0\r\n\r\n";
    return Stream.of(
            Stream.of(
                "CL and TE", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked)),
            Stream.of(
                "TE and CL", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked)),
            Stream.of("two CLs", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")),
            Stream.of("a list of CLs", post("Content-Length: 2, 3\r\n", "{}")),
            Stream.of("CL with a sign", post("Content-Length: +2\r\n", "{}")),
            Stream.of("negative CL", post("Content-Length: -2\r\n", "{}")),
            Stream.of("CL that is none", post("Content-Length: 0x2\r\n", "{}")),
            Stream.of("space before the colon", post("Content-Length : 2\r\n", "{}")),
            Stream.of("TE that is no chunked", post("Transfer-Encoding: xchunked\r\n", chunked)),
            Stream.of(
                "chunked is not last", post("Transfer-Encoding: chunked, identity\r\n", chunked)),
            Stream.of(
                "chunk size that is none", post("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n")),
            Stream.of(
                "huge chunk size",
                post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n\r\n")),
            Stream.of("NUL in a header", post("X: a\0b\r\nContent-Length: 2\r\n", "{}")),
            Stream.of("no HTTP at all", "hello?\r\n\r\n"),
            Stream.of("another protocol", "GET / FTP/1.1\r\nHost: x\r\n\r\n"),
            Stream.of("HTTP/2 from the start", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            Stream.of("no header name", "GET / HTTP/1.1\r\n: x\r\n\r\n"))
        .map(pair -> Arguments.of(pair.toArray()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("smuggling")
  void what_can_be_read_in_two_ways_is_refused_and_the_connection_ends(
      String what, String request) {
    var answers = answers(request + SMUGGLED);
    assertThat(answers).as(what).hasSizeLessThanOrEqualTo(1).isSubsetOf("400", "404", "501", "505");
  }

  @Test
  void whoever_hangs_up_amid_the_handshake_is_no_error_in_the_log() {
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
          + "Authorization: Bearer " + Tokens.of("hasty") + "\r\nContent-Length: 9\r\n\r\nonly");
      Await.pass(Duration.ofMillis(200)); // the token is good, the rest of the request awaited
    }
    Await.pass(Duration.ofMillis(300));
  }

  @Test
  void a_request_to_a_server_elsewhere_is_nobodys_proxy() {
    var answers =
        answers("GET http://127.0.0.1:1/health/live HTTP/1.1\r\nHost: elsewhere\r\n\r\n" + LAST);
    // Served as the path here, or refused; never forwarded, and never a 502.
    assertThat(answers).first().asString().isIn("200", "400", "404");
    assertThat(answers("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .first()
        .asString()
        .isIn("400", "404", "405", "426");
  }

  /** What was not read when the connection is closed may take the answer with it. */
  @Test
  void heads_are_bounded() {
    assertThat(answers("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .isIn(List.of(), List.of("414"));
    assertThat(answers("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .isIn(List.of(), List.of("431"));
    assertThat(answers("GET / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(8_000) + "\r\n"))
        .isIn(List.of(), List.of("431"));
  }

  @Test
  void a_packed_body_is_not_unpacked() {
    var answers = answers(post(
        "Content-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n",
        "\u001f\u008b\b\0"));
    assertThat(answers).containsExactly("400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"permessage-deflate", "permessage-deflate; client_max_window_bits=15"})
  void compression_is_offered_in_vain(String offer) {
    try (var raw = RawHttp.to(nodes.first())) {
      var head = raw.send(
              Handshakes.request(Tokens.of("ann"), "Sec-WebSocket-Extensions: " + offer))
          .head();
      assertThat(head).contains("101 Switching").doesNotContainIgnoringCase("extensions");
      // A frame that says it is compressed is none that was agreed on.
      raw.send(Handshakes.frame(0xc1, "bomb"));
      assertThat(raw.rest()).contains("\"code\":1002");
    }
  }

  @Test
  void a_header_cannot_be_brought_in_by_what_a_client_says() {
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send(
          "GET /nowhere%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(raw.rest()).startsWith("HTTP/1.1 404").doesNotContain("Set-Cookie");
    }
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send(
          Handshakes.request(Tokens.of("ann"), "Sec-WebSocket-Protocol: evil\rSet-Cookie: x=y"));
      raw.trySend("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(raw.head()).doesNotContain("Set-Cookie");
    }
  }

  /** A folded line is one value (RFC 9112, 5.2), whatever it looks like. */
  @Test
  void a_folded_header_line_is_no_header_of_its_own() {
    var answers =
        answers(post("Content-Length: 2\r\nX: a\r\n Content-Length: 30\r\n", "{}") + LAST);
    assertThat(answers).containsExactly("400", "200");
  }

  @Test
  void two_requests_at_once_are_answered_one_after_the_other() {
    var two = SMUGGLED.repeat(2) + LAST;
    assertThat(answers(two)).containsExactly("200", "200", "200");
  }
}
