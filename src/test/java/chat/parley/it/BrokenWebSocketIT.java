package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a WebSocket can carry, and frames over the limit. */
@Timeout(60)
class BrokenWebSocketIT {
  private static final String ROOM = "calm";
  private static final int LIMIT = 65_536;
  private static int users;
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  private Bystanders others;
  private ChatClient client;

  @BeforeAll
  static void start() {
    nodes = Nodes.of(1, new JsonObject());
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @BeforeEach
  void join() {
    others = new Bystanders(nodes, ROOM);
    client = nodes.connect("mallory-" + users++); // who is sent away again and again is kept out
    client.join(ROOM);
    others.talk();
  }

  @AfterEach
  void nobody_else_noticed() {
    others.assertUndisturbed();
    nodes.hangUp();
  }

  @Test
  void a_binary_frame_is_a_bad_frame() {
    Await.result("sending", client.sendBinary(Buffer.buffer("{\"type\":\"ping\"}")));
    assertThat(client.await("error").getString("code")).isEqualTo("bad_frame");
    assertLives();
  }

  @Test
  void twenty_binary_frames_in_a_row_close_the_connection_for_good() {
    IntStream.range(0, 20)
        .forEach(i -> Await.result("sending", client.sendBinary(Buffer.buffer("x"))));
    assertClosed(client, 4500);
  }

  @Test
  void a_message_in_fragments_is_one_frame() {
    var parts = new String[] {"{\"type\":\"pi", "", "ng\",\"re", "f\":\"caf\u00e9\"}"};
    Await.result(
        "sending", client.sendFragmented(parts[0], Arrays.copyOfRange(parts, 1, parts.length)));
    assertThat(client.await("pong").getString("ref")).isEqualTo("caf\u00e9");
  }

  @Test
  void fragments_may_split_a_character() {
    var bytes = Buffer.buffer("{\"type\":\"ping\",\"ref\":\"\u00e9\"}");
    int split = bytes.length() - 3; // inside the é
    Await.result(
        "sending",
        client.sendRawFragments(bytes.slice(0, split), bytes.slice(split, bytes.length()), true));
    assertThat(client.await("pong").getString("ref")).isEqualTo("\u00e9");
  }

  @Test
  void the_longest_frame_is_served() {
    Await.result("sending", client.sendText(ping(LIMIT)));
    client.await("pong");
  }

  @ParameterizedTest
  @ValueSource(ints = {LIMIT + 1, 100_000, 1 << 20})
  void a_frame_over_the_limit_ends_the_connection(int length) {
    Await.result("sending", client.sendText(ping(length)).otherwiseEmpty());
    assertClosed(client, 1009);
  }

  @Test
  void fragments_that_grow_over_the_limit_end_the_connection() {
    var part = new byte[8_000];
    Arrays.fill(part, (byte) 'x');
    Await.result(
        "sending", client.sendRawFragments(Buffer.buffer(part), Buffer.buffer(part), false));
    // On and on, whatever it is told: the last frame reaches it all the same.
    for (int i = 0; i < 100_000 && client.inbox().ending() == null; i++) {
      var sent = client.sendContinuation(Buffer.buffer(part), false);
      if (i % 100 == 99 && !sent.isComplete()) {
        Await.until(
            "room for more, or the end",
            Await.SOON,
            () -> sent.isComplete() || client.inbox().ending() != null);
      }
    }
    assertClosed(client, 1009);
  }

  @ParameterizedTest
  @EnumSource(
      value = Carrier.class,
      names = {"SOCKJS_WEBSOCKET", "SOCKJS_XHR", "SOCKJS_XHR_STREAMING"})
  void over_sockjs_a_frame_over_the_limit_ends_the_connection(Carrier carrier) {
    var other = nodes.connect(carrier, "trudy-" + users++);
    other.await("welcome");
    Await.result("sending", other.sendText(ping(LIMIT)));
    other.await("pong");
    Await.result("sending", other.sendText(ping(LIMIT + 1)).otherwiseEmpty());
    assertClosed(other, 1009);
  }

  @Test
  void text_that_is_no_utf8_ends_the_connection() {
    var text =
        Buffer.buffer("{\"type\":\"ping\",\"ref\":\"").appendByte((byte) 0xff).appendString("\"}");
    Await.result("sending", client.sendRaw(text));
    assertClosed(client, 1007);
    assertThat(client.inbox().frames())
        .extracting(frame -> frame.getString("type"))
        .doesNotContain("error");
  }

  @Test
  void a_frame_that_is_none_of_websockets_ends_the_connection() {
    Await.result("sending", client.sendContinuation(Buffer.buffer("of nothing"), true));
    assertClosed(client, 1002);
  }

  private static String ping(int length) {
    var frame = "{\"type\":\"ping\",\"ref\":1,\"x\":\"";
    return frame + "x".repeat(length - frame.length() - 2) + "\"}";
  }

  private static void assertClosed(Conversation one, int code) {
    assertThat(one.await("bye").getInteger("code")).isEqualTo(code);
    var ending = one.awaitEnding(Await.SOON);
    if (one instanceof ChatClient) {
      assertThat(ending.code()).isEqualTo(code);
    }
  }

  private void assertLives() {
    var pong = Await.result("ping", client.request(JsonObject.of("type", "ping")));
    assertThat(pong.getString("type")).isEqualTo("pong");
  }
}
