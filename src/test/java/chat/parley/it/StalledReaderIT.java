package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RawHttp;
import chat.parley.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that take nothing at all, by every way that frames come: each is let go of and its connection cut. */
@Timeout(60)
class StalledReaderIT {
  private static final String TEXT = "x".repeat(50_000);
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  /** How frames come. */
  enum Way {
    WEBSOCKET,
    SOCKJS_WEBSOCKET,
    XHR,
    XHR_STREAMING,
    EVENTSOURCE,
    HTMLFILE
  }

  @BeforeAll
  static void start() {
    nodes = Nodes.of(1, JsonObject.of("limits", JsonObject.of("outbox", 200_000)));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  private static String sockJs(String method, String session, String way, String headers) {
    return "%s /sockjs/000/%s/%s HTTP/1.1\r\nHost: x\r\nCookie: parley_token=%s\r\n%s\r\n"
        .formatted(method, session, way, Tokens.of("slow"), headers);
  }

  /** A reader in the room that has read how it got in, and will read no more. */
  private static RawHttp stalled(Way way) {
    var raw = RawHttp.to(nodes.first());
    var join = "{\"type\":\"join\",\"ref\":1,\"room\":\"busy\"}";
    var session = UUID.randomUUID().toString();
    if (way == Way.WEBSOCKET) {
      raw.send(Handshakes.request(Tokens.of("slow"))).readTo("welcome");
      raw.send(Handshakes.text(join)).readTo("\"recovered\":false");
      return raw;
    }
    var message = new JsonArray().add(join).encode();
    if (way == Way.SOCKJS_WEBSOCKET) {
      raw.send(Handshakes.request(Tokens.of("slow"), "Cookie: parley_token=" + Tokens.of("slow"))
              .replace("/ws ", "/sockjs/000/" + session + "/websocket "))
          .readTo("welcome");
      raw.send(Handshakes.text(message)).readTo("recovered");
      return raw;
    }
    raw.send(
        switch (way) {
          case XHR -> sockJs("POST", session, "xhr", "");
          case XHR_STREAMING -> sockJs("POST", session, "xhr_streaming", "");
          case EVENTSOURCE -> sockJs("GET", session, "eventsource", "");
          default -> sockJs("GET", session, "htmlfile?c=callback", "");
        });
    raw.readTo(way == Way.XHR ? "o\n" : "welcome");
    try (var sending = RawHttp.to(nodes.first())) {
      var length = "Content-Type: text/plain\r\nContent-Length: %d\r\n".formatted(message.length());
      sending.send(sockJs("POST", session, "xhr_send", length) + message);
      assertThat(sending.head()).contains("204");
    }
    return raw;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_reader_that_takes_nothing_is_cut_and_its_connection_gone(Way way) {
    var before = nodes.metric("parley.connections.slow");
    var speaker = nodes.connect("ann");
    speaker.join("busy");
    try (var slow = stalled(way)) {
      Await.until("the end of the slow one", Duration.ofSeconds(30), () -> {
        say(speaker);
        return nodes.metric("parley.connections.slow") > before;
      });
      Await.until("one connection", Await.SOON, () -> nodes.metric("parley.connections") == 1);
      // Cut: after what the kernel had, there comes an end.
      assertThat(slow.rest()).isNotNull();
    }
    assertThat(speaker.inbox().ending()).isNull();
  }

  private static void say(ChatClient speaker) {
    var acks =
        IntStream.range(0, 10).mapToObj(i -> speaker.publish("busy", TEXT)).toList();
    Await.result("acks", Future.all(acks));
  }

  /** The stack answers pings by itself; the answers that nobody takes count as what waits for the reader. */
  @Test
  void pongs_that_nobody_takes_pile_up_no_higher_than_frames() {
    var before = nodes.metric("parley.connections.slow");
    try (var slow = RawHttp.to(nodes.first())) {
      slow.send(Handshakes.request(Tokens.of("slow"))).readTo("welcome");
      var ping = Handshakes.frame(0x89, "x".repeat(125));
      Await.until("the end of the slow one", Duration.ofSeconds(30), () -> {
        for (int i = 0; i < 1_000 && slow.trySend(ping); i++) {
          // on and on
        }
        return nodes.metric("parley.connections.slow") > before;
      });
    }
  }
}
