package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RawHttp;
import chat.parley.testing.Tokens;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
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

/** Clients that send as fast as they can, whatever they are told. The others in the room notice nothing. */
@Timeout(60)
class FloodIT {
  private static final String ROOM = "calm";
  private static int users;
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  private Bystanders others;
  private String mallory;

  @BeforeAll
  static void start() {
    var limits = JsonObject.of(
        "rate", 20, "bytes", 200_000, "joins", 5, "reads", 10, "others", 20, "refusals", 100);
    nodes = Nodes.of(1, JsonObject.of("limits", limits));
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @BeforeEach
  void join() {
    others = new Bystanders(nodes, ROOM);
    mallory = "mallory-" + users++; // whoever was closed for flooding has to stay away
  }

  @AfterEach
  void nobody_else_noticed() {
    others.assertUndisturbed();
    nodes.hangUp();
  }

  /** Sends until the connection is gone. */
  private static void flood(Conversation client, String frame) {
    for (int i = 0; i < 100_000 && client.inbox().ending() == null; i++) {
      var sent = client.sendText(frame);
      if (i % 50 == 49 && !sent.isComplete()) {
        Await.until("room to send more", Await.SOON, sent::isComplete);
      }
    }
  }

  private void assertClosedForFlooding(Conversation client) {
    var bye = client.await("bye");
    assertThat(bye.getInteger("code")).isEqualTo(4429);
    assertThat(bye.getLong("reconnectAfter")).isEqualTo(10_000);
    client.awaitEnding(Await.SOON);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void a_publish_flood_is_refused_slowed_down_and_closed(Carrier carrier) {
    var client = nodes.connect(carrier, mallory);
    client.await("welcome");
    client.join("elsewhere");
    flood(client, "{\"type\":\"publish\",\"ref\":1,\"room\":\"elsewhere\",\"data\":1}");
    assertClosedForFlooding(client);
    var refused = client.await("error");
    assertThat(refused.getString("code")).isEqualTo("rate_limited");
    assertThat(refused.getLong("retryAfter")).isPositive();
    others.talk();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"join\",\"room\":\"r\"}",
        "{\"type\":\"history\",\"room\":\"elsewhere\"}",
        "{\"type\":\"ping\"}",
        "{\"type\":\"auth\",\"token\":\"nonsense\"}",
        "{\"type\":\"leave\",\"room\":\"nowhere\"}",
        "{\"type\":\"unheard-of\"}",
        "{\"type\":\"signal\",\"room\":\"elsewhere\",\"name\":\"typing\"}"
      })
  void a_flood_of_any_kind_of_frame_ends_the_same(String frame) {
    var client = nodes.connect(mallory);
    client.join("elsewhere");
    flood(client, frame);
    assertClosedForFlooding(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x89, 0x8a})
  void a_flood_of_pings_or_pongs_ends_the_same(int opcode) {
    var before = nodes.first().metric("parley.limited", "flooding");
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send(Handshakes.request(Tokens.of(mallory)));
      assertThat(raw.head()).contains("101");
      var ping = Handshakes.frame(opcode, "x".repeat(125));
      for (int i = 0; i < 2_000 && raw.trySend(ping); i++) {
        // on and on
      }
      // What it sends without reading may make TCP drop the farewell; the end comes in any case.
      assertThat(raw.rest()).isNotNull();
      assertThat(nodes.first().metric("parley.limited", "flooding")).isEqualTo(before + 1);
    }
  }

  @Test
  void ten_thousand_tiny_fragments_end_the_connection() {
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send(Handshakes.request(Tokens.of(mallory)));
      assertThat(raw.head()).contains("101");
      raw.send(Handshakes.frame(0x01, "{"));
      var part = Handshakes.frame(0x00, "");
      for (int i = 0; i < 10_000 && raw.trySend(part); i++) {
        // on and on
      }
      assertThat(raw.rest()).containsPattern("\"code\":(1009|4429)");
    }
  }

  @Test
  void who_was_closed_for_flooding_has_to_stay_away_for_a_while() {
    var client = nodes.connect(mallory);
    client.join("elsewhere");
    flood(client, "{\"type\":\"ping\"}");
    assertClosedForFlooding(client);
    var options = ChatClient.options(nodes.first().webSocket(), Tokens.of(mallory));
    var refused = Await.failure("a return", ChatClient.open(nodes.vertx(), options, "again"));
    assertThat(refused).isInstanceOf(UpgradeRejectedException.class);
    assertThat(((UpgradeRejectedException) refused).getStatus()).isEqualTo(429);
    var sockjs = nodes.connect(Carrier.SOCKJS_WEBSOCKET, mallory);
    assertThat(sockjs.await("bye").getInteger("code")).isEqualTo(4429);
  }
}
