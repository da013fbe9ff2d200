package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no good client says, over every carrier: it is answered as PROTOCOL.md has it, and the others in the room notice nothing. */
@Timeout(60)
@ParameterizedClass(name = "over {0}")
@EnumSource(Carrier.class)
class HostileInputIT {
  private static final String ROOM = "calm";
  private static int users;
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  private final Carrier carrier;
  private Bystanders others;
  private Conversation client;

  HostileInputIT(Carrier carrier) {
    this.carrier = carrier;
  }

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
    client = nodes.connect(
        carrier, "mallory-" + users++); // who is sent away again and again is kept out
    client.await("welcome");
    client.join(ROOM);
    others.talk();
  }

  @AfterEach
  void nobody_else_noticed() {
    others.assertUndisturbed();
    nodes.hangUp();
  }

  static Stream<String> badFrames() {
    return Stream.of(
        "hello?",
        " ",
        "null",
        "42",
        "\"text\"",
        "[]",
        "[\"an\",\"array\"]",
        "{",
        "{}",
        "{\"type\":null}",
        "{\"type\":7}",
        "{\"Type\":\"ping\"}",
        "{'type':'ping'}",
        "{\"type\":\"ping\",}",
        "{\"type\":\"ping\"} {\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"publish\",\"room\":\"calm\",\"data\":1,\"data\":2}",
        "{\"type\":\"ping\",\"ref\":1e}",
        "{\"type\":\"ping\",\"ref\":NaN}",
        "{\"type\":\"ping\",\"x\":\"\u0000\"}",
        "{\"type\":\"ping\",\"x\":\"\\u12\"}",
        "{\"type\":\"ping\",\"x\":" + "9".repeat(2_000) + "}",
        "{\"type\":\"ping\",\"" + "x".repeat(2_000) + "\":1}",
        "{\"type\":\"publish\",\"room\":\"calm\",\"data\":" + "[".repeat(10_000) + "}",
        "{\"type\":\"publish\",\"room\":\"calm\",\"data\":"
            + "[".repeat(10_000)
            + "]".repeat(10_000)
            + "}",
        "{\"a\":".repeat(10_000),
        "[".repeat(10_000));
  }

  static Stream<String> requestsOutOfForm() {
    var fields = Stream.of(
        "'type':'join'",
        "'type':'join','room':7",
        "'type':'join','room':null",
        "'type':'join','room':''",
        "'type':'join','room':'not a room'",
        "'type':'join','room':'../../etc/passwd'",
        "'type':'join','room':'caf\u00e9'",
        "'type':'join','room':'a\\u0000b'",
        "'type':'join','room':'" + "r".repeat(129) + "'",
        "'type':'join','room':'calm','last':101",
        "'type':'join','room':'calm','last':-1",
        "'type':'join','room':'calm','last':1.5",
        "'type':'join','room':'calm','last':'7'",
        "'type':'join','room':'calm','last':1e999",
        "'type':'join','room':'calm','since':7",
        "'type':'join','room':'calm','since':{'epoch':'e'}",
        "'type':'join','room':'calm','since':{'epoch':'e','seq':-1}",
        "'type':'join','room':'calm','since':{'epoch':'e','seq':99999999999999999999}",
        "'type':'join','room':'calm','since':{'epoch':7,'seq':1}",
        "'type':'leave'",
        "'type':'publish','room':'calm'",
        "'type':'publish','data':1",
        "'type':'publish','room':'calm','data':1,'id':''",
        "'type':'publish','room':'calm','data':1,'id':7",
        "'type':'publish','room':'calm','data':1,'id':'" + "i".repeat(65) + "'",
        "'type':'publish','room':'calm','data':1,'id':'\\u0000'",
        "'type':'publish','room':'calm','data':1,'id':'\\ud800'",
        "'type':'publish','room':'calm','data':1,'echo':'no'",
        "'type':'signal','room':'calm'",
        "'type':'signal','room':'calm','name':'\\udc00\\ud800'",
        "'type':'history','room':'calm','limit':0",
        "'type':'history','room':'calm','before':-1",
        "'type':'history','room':'calm','after':1e3",
        "'type':'ping','ref':true",
        "'type':'ping','ref':{}",
        "'type':'ping','ref':'" + "r".repeat(65) + "'",
        "'type':'auth'",
        "'type':'auth','token':7");
    return fields.map(inside -> "{" + inside.replace('\'', '"') + "}");
  }

  static Stream<Arguments> refusedFrames() {
    return Stream.of(
            badFrames().map(frame -> Arguments.of("bad_frame", frame)),
            requestsOutOfForm().map(frame -> Arguments.of("bad_request", frame)),
            Stream.of("shout", "", "Ping", "welcome", "message", "\\u0000", "__proto__")
                .map(type -> Arguments.of("unknown_type", "{\"type\":\"" + type + "\"}")))
        .flatMap(some -> some);
  }

  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource("refusedFrames")
  void it_is_answered_with_an_error_and_the_connection_lives(String code, String frame) {
    Await.result("sending", client.sendText(frame));
    var answer = client.await("error");
    assertThat(answer.getString("code")).as(answer.encode()).isEqualTo(code);
    assertThat(answer.getString("message")).isNotBlank().hasSizeLessThan(300);
    assertLives();
  }

  @Test
  void an_error_carries_the_ref_and_the_room_wherever_they_stand() {
    Await.result(
        "sending", client.sendText("{\"room\":\"calm\",\"ref\":\"r\",\"type\":\"publish\"}"));
    var answer = client.await("error");
    assertThat(answer.getString("ref")).isEqualTo("r");
    assertThat(answer.getString("room")).isEqualTo(ROOM);
  }

  @Test
  void whatever_is_json_may_be_said_and_comes_as_it_was_sent() {
    var data =
        "{\"\\u0000\":\"\\ud800\",\"n\":-0.10e+3,\"__proto__\":{\"x\":[1,1]},\"x\":1,\"x\":2,\"html\":\"</script>\\u2028\"}";
    Await.result(
        "sending",
        client.sendText(
            "{\"type\":\"publish\",\"ref\":1,\"room\":\"calm\",\"data\":" + data + "}"));
    client.await("ack");
    var message = client.await(
        "own message", frame -> frame.getValue("data") instanceof JsonObject, Await.SOON);
    assertThat(shown(message.getValue("data"))).isEqualTo(shown(new JsonObject(data)));
  }

  /** Half a character and NUL can't be written into a report. */
  private static String shown(Object json) {
    return Json.encode(json)
        .chars()
        .mapToObj(c -> c < 0x7f ? String.valueOf((char) c) : "<%04x>".formatted(c))
        .collect(Collectors.joining());
  }

  @Test
  void twenty_bad_frames_in_a_row_close_the_connection_for_good() {
    IntStream.range(0, 20).forEach(i -> Await.result("sending", client.sendText("nonsense " + i)));
    var bye = client.await("bye");
    assertThat(bye.getInteger("code")).isEqualTo(4500);
    assertThat(bye.getBoolean("reconnect")).isFalse();
    var ending = client.awaitEnding(Await.SOON);
    assertThat(ending.code()).isEqualTo(carrier.isSockJs() ? 3000 : 4500);
    assertThat(client.inbox().frames())
        .filteredOn(frame -> "error".equals(frame.getString("type")))
        .hasSize(20);
  }

  @Test
  void a_good_frame_between_bad_ones_saves_the_connection() {
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 19).forEach(i -> Await.result("sending", client.sendText("nonsense")));
      assertLives();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"future", "join"})
  void unknown_types_and_refused_requests_are_no_bad_frames(String type) {
    var frame = "{\"type\":\"" + type + "\"}";
    IntStream.range(0, 30).forEach(i -> Await.result("sending", client.sendText(frame)));
    assertLives();
  }

  private void assertLives() {
    var pong = Await.result("ping", client.request(JsonObject.of("type", "ping")));
    assertThat(pong.getString("type")).isEqualTo("pong");
  }
}
