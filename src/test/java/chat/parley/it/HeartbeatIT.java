package chat.parley.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Idlers;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who lives stays, and who is silent goes, within the time-out and one interval. */
@Timeout(60)
class HeartbeatIT {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    var heartbeat = JsonObject.of("interval", "1s", "timeout", "3s");
    nodes = Nodes.of(1, JsonObject.of("heartbeat", heartbeat));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  @Test
  void of_many_idle_connections_the_silent_go_in_time_and_the_others_stay() {
    try (var idlers = Idlers.join(nodes.first().webSocket(), 300, 30, Duration.ofSeconds(30))) {
      double gone = nodes.metric("parley.connections.silent");
      int before = idlers.pings();
      long since = System.nanoTime();
      idlers.fallSilent();

      Await.until(
          "the silent to be gone",
          Duration.ofSeconds(20),
          () -> nodes.metric("parley.connections.silent") - gone == 30);
      var took = Duration.ofNanos(System.nanoTime() - since);
      assertThat(took).isBetween(SILENCE.minus(INTERVAL), SILENCE.plus(INTERVAL).plusSeconds(2));
      Await.pass(Duration.ofSeconds(2));
      assertThat(nodes.metric("parley.connections.silent") - gone).isEqualTo(30);
      assertThat(nodes.metric("parley.connections")).isEqualTo(270);
      assertThat(idlers.ended()).as("ended though they answered").isZero();
      assertThat(idlers.pings() - before).isGreaterThan(270 * 3);
    }
    Await.until("all gone", Await.SOON, () -> nodes.metric("parley.connections") == 0);
  }

  @Test
  void over_sockjs_who_pings_stays_and_who_does_not_is_told_4408() {
    var lively = nodes.connect(Carrier.SOCKJS_WEBSOCKET, "lively");
    var silent = nodes.connect(Carrier.SOCKJS_WEBSOCKET, "silent");
    silent.await("welcome");
    lively.await("welcome");

    for (int i = 0; i < 5; i++) {
      Await.pass(INTERVAL);
      lively.send(JsonObject.of("type", "ping"));
      lively.await("pong");
    }

    var bye = silent.await("bye");
    assertThat(bye.getInteger("code")).isEqualTo(4408);
    assertThat(bye.getBoolean("reconnect")).isTrue();
  }

  @Test
  void a_client_of_sockjs_that_only_polls_stays() {
    var poller = nodes.connect(Carrier.SOCKJS_XHR, "poller");
    poller.await("welcome");

    Await.pass(SILENCE.plus(INTERVAL).plus(INTERVAL));

    poller.send(JsonObject.of("type", "ping"));
    assertThat(poller.await("pong").getLong("time")).isPositive();
  }

  @Test
  void a_frame_that_comes_byte_by_byte_is_a_sign_of_life() throws Exception {
    var uri = nodes.first().webSocket();
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      var out = socket.getOutputStream();
      out.write(("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
              + "Authorization: Bearer " + Tokens.of("slow") + "\r\n\r\n")
          .getBytes(US_ASCII));
      var heard = new StringBuilder();
      out.write(new byte[] {(byte) 0x81, (byte) (0x80 | 100), 0, 0, 0, 0});
      for (int i = 0; i < 12; i++) {
        Await.pass(Duration.ofMillis(500));
        out.write(' ');
        out.flush();
        assertThat(heard.append(arrived(socket)).toString()).doesNotContain("\"type\":\"bye\"");
      }
      Await.until(
          "the end of the slow one",
          Await.SOON,
          () -> heard.append(arrived(socket)).indexOf("heartbeat missed") >= 0);
    }
  }

  /** What has come by now. */
  private static String arrived(Socket socket) {
    try {
      var in = socket.getInputStream();
      return new String(in.readNBytes(in.available()), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
