package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.parley.testing.Await;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RawHttp;
import chat.parley.testing.SockJsClient;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** How many may come in, and how long they may take to say what they want. */
@Timeout(60)
class CrowdedDoorIT {
  private static final int NODE = 12;
  private static final int ADDRESS = 3;
  private static final int USER = 5;
  private static final int HANDSHAKES = 8;
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    var limits = JsonObject.of(
        "connections",
        NODE,
        "connectionsPerAddress",
        ADDRESS,
        "connectionsPerUser",
        USER,
        "handshakes",
        HANDSHAKES);
    var http = JsonObject.of(
        "timeout", "1s", "proxies", new JsonArray().add("127.0.0.1").add("10.1.0.0/16"));
    nodes = Nodes.of(1, JsonObject.of("limits", limits, "http", http));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void everybody_leaves_and_there_is_room_again() {
    nodes.hangUp();
    Await.until("an empty node", Await.SOON, () -> nodes.metric("parley.connections") == 0);
    nodes.connect("ann").join("room");
    nodes.hangUp();
    Await.until("an empty node", Await.SOON, () -> nodes.metric("parley.connections") == 0);
  }

  private static RawHttp ask(String... headers) {
    return RawHttp.to(nodes.first()).send(Handshakes.request(Tokens.of("ann"), headers));
  }

  private static String forwarded(String chain) {
    return "X-Forwarded-For: " + chain;
  }

  @Test
  void who_comes_to_a_full_node_is_sent_to_another_one() {
    for (int i = 0; i < NODE; i++) {
      nodes.connect("user-" + i);
    }
    try (var late = ask()) {
      var answer = late.rest();
      assertThat(answer).startsWith("HTTP/1.1 503").contains("retry-after: 5", "problem+json");
    }
    nodes.hangUp();
  }

  @Test
  void who_is_turned_away_is_written_down_and_the_log_does_not_fill() {
    var security = (Logger) LoggerFactory.getLogger("parley.security");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    security.setLevel(Level.INFO);
    security.addAppender(lines);
    try {
      for (int i = 0; i < NODE; i++) {
        nodes.connect("user-" + i);
      }
      for (int i = 0; i < 200; i++) {
        try (var late = ask(forwarded("203.0.113.66"))) {
          assertThat(late.head()).startsWith("HTTP/1.1 503");
        }
      }
      var told = List.copyOf(lines.list).stream()
          .map(line -> String.valueOf(line.getKeyValuePairs()))
          .toList();
      assertThat(told.getFirst()).contains("node_full", "203.0.113.66");
      // Ten of a second, however many seconds this machine takes for it.
      assertThat(told.size()).isBetween(10, 150);
    } finally {
      security.detachAppender(lines);
      security.setLevel(null);
    }
  }

  @Test
  void over_sockjs_a_full_node_says_it_in_its_last_frame() {
    for (int i = 0; i < NODE; i++) {
      nodes.connect("user-" + i);
    }
    for (var transport : SockJsClient.Transport.values()) {
      var late = SockJsClient.connect(nodes.vertx(), nodes.first().sockjs(), transport, null);
      var bye = late.await("bye");
      assertThat(bye.getInteger("code")).isEqualTo(4430);
      assertThat(bye.getLong("reconnectAfter")).isEqualTo(5_000);
      late.awaitEnding(Await.SOON);
    }
  }

  @Test
  void one_address_has_only_so_many_connections_and_another_one_has_its_own() {
    var open = new ArrayList<RawHttp>();
    for (int i = 0; i < ADDRESS; i++) {
      open.add(ask(forwarded("203.0.113.7")));
      assertThat(open.getLast().head()).contains("101 Switching");
    }
    try (var more = ask(forwarded("203.0.113.7"));
        // Said by the client, before the proxy wrote down whom it saw.
        var liar = ask(forwarded("198.51.100.1, 203.0.113.7, 10.1.2.3"));
        var standard = ask("Forwarded: for=\"[2001:db8::1]\", for=203.0.113.7;proto=https");
        var other = ask(forwarded("203.0.113.8"))) {
      assertThat(more.rest()).startsWith("HTTP/1.1 429").contains("retry-after: 5");
      assertThat(liar.rest()).startsWith("HTTP/1.1 429");
      assertThat(standard.rest()).startsWith("HTTP/1.1 429");
      assertThat(other.head()).contains("101 Switching");
    }
    open.forEach(RawHttp::close);
  }

  @Test
  void one_user_has_only_so_many_connections_however_they_come() {
    for (int i = 0; i < USER; i++) {
      nodes.connect("ann");
    }
    Await.until("they are known", Await.SOON, () -> nodes.metric("parley.connections") == USER);
    try (var more = ask();
        var cookie = RawHttp.to(nodes.first())) {
      assertThat(more.rest()).startsWith("HTTP/1.1 429").contains("of one user");
      cookie.send(
          "POST /sockjs/000/session1/xhr HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nCookie: parley_token="
              + Tokens.of("ann") + "\r\n\r\n");
      assertThat(cookie.rest()).startsWith("HTTP/1.1 429");
    }
    var sockjs = nodes.connect(Carrier.SOCKJS_XHR, "ann");
    assertThat(sockjs.await("bye").getInteger("code")).isEqualTo(4430);
    nodes.connect("bob").join("room");
  }

  @Test
  void a_refused_token_takes_no_place() {
    for (int i = 0; i < 3 * NODE; i++) {
      assertThat(Http.send(nodes.first(), "GET", "/ws", Map.of(), "").statusCode())
          .isEqualTo(426);
      try (var raw = RawHttp.to(nodes.first())) {
        var head = raw.send(Handshakes.request("nonsense", forwarded("203.0.113." + i)))
            .head();
        assertThat(head).startsWith("HTTP/1.1 401");
      }
    }
  }

  @Test
  void who_is_refused_again_and_again_has_to_wait_for_it_and_nobody_else() {
    long begun = System.nanoTime();
    // So many are answered at once by each of two event loops, in each second.
    for (int i = 0; i < 50; i++) {
      try (var raw = RawHttp.to(nodes.first())) {
        raw.send(Handshakes.request("nonsense", forwarded("203.0.113.200")));
        assertThat(raw.head()).startsWith("HTTP/1.1 401");
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    try (var honest = ask(forwarded("203.0.113.200"))) {
      assertThat(honest.head()).contains("101 Switching");
    }
  }

  @Test
  void who_says_nothing_or_drips_its_request_is_sent_away() {
    try (var silent = RawHttp.to(nodes.first());
        var dripping = RawHttp.to(nodes.first());
        var unfinished = RawHttp.to(nodes.first());
        var body = RawHttp.to(nodes.first());
        var kept = RawHttp.to(nodes.first())) {
      unfinished.send("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: web");
      body.send("POST /sockjs/000/s/xhr_send HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[");
      assertThat(kept.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").head())
          .contains("200");
      Await.until(
          "the end of who drips", Await.SOON, () -> !dripping.trySend("X") || dripping.isEnded());
      assertThat(silent.rest()).isEmpty();
      assertThat(unfinished.rest()).isEmpty();
      assertThat(body.rest()).doesNotContain("204");
      assertThat(kept.rest()).isNotNull(); // an idle one is closed too, if later
    }
  }

  @Test
  void idle_connections_make_room_for_those_who_say_what_they_want() {
    var idle = new ArrayList<RawHttp>();
    for (int i = 0; i < 5 * HANDSHAKES; i++) {
      idle.add(RawHttp.to(nodes.first()));
      if (i % HANDSHAKES == 0) {
        nodes.connect("ann").join("room");
        nodes.hangUp();
      }
    }
    assertThat(idle.getFirst().rest()).isEmpty();
    assertThat(nodes.first().metric("parley.limited", "handshakes")).isPositive();
    idle.forEach(RawHttp::close);
  }

  @Test
  void a_session_is_not_hurried() {
    var ann = nodes.connect("ann");
    ann.join("room");
    Await.pass(Duration.ofSeconds(6));
    ann.awaitAck("room", "still here", "m");
    assertThat(ann.inbox().ending()).isNull();
  }
}
