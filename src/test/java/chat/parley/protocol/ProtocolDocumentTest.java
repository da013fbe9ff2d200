package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.protocol.ServerFrame.Limits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the document shows is what the codec takes and writes. */
class ProtocolDocumentTest {
  private static final byte[] DATA = "{}".getBytes(UTF_8);

  /** Each frame with everything it can have, and with nothing it can do without. */
  private static final Map<String, Sample> SAMPLES = samples();

  private static final Map<String, Object> KNOWN = Map.of("$epoch", "e1", "$seq", 1, "$next", 2);

  private record Sample(JsonObject fullest, JsonObject barest) {}

  private static Map<String, Sample> samples() {
    var limits = new Limits(1, 2, 3, 4, 5, 6);
    var fullest = new ServerFrame.Message("r", "e", 1, "i", "u", "n", 2, DATA);
    var barest = new ServerFrame.Message("r", "e", 1, "i", "u", null, 2, DATA);
    var samples = new HashMap<String, Sample>();
    add(samples, fullest, barest);
    add(
        samples,
        new ServerFrame.Welcome("s", "u", "n", 1, 2L, limits),
        new ServerFrame.Welcome("s", "u", "n", 1, null, limits));
    add(
        samples,
        new ServerFrame.Authenticated("1", "u", 1L),
        new ServerFrame.Authenticated(null, "u", null));
    add(
        samples,
        new ServerFrame.Joined("1", "r", "e", 1, true, 1L),
        new ServerFrame.Joined(null, "r", "e", 1, false, null));
    add(samples, new ServerFrame.Left("1", "r", "x"), new ServerFrame.Left(null, "r", null));
    add(
        samples,
        new ServerFrame.Ack("1", "r", "i", "e", 1, 2, true),
        new ServerFrame.Ack(null, "r", "i", "e", 1, 2, false));
    add(
        samples,
        new ServerFrame.Signal("r", "n", "u", DATA),
        new ServerFrame.Signal("r", "n", "u", null));
    add(
        samples,
        new ServerFrame.History("1", "r", "e", List.of(fullest), true),
        new ServerFrame.History(null, "r", "e", List.of(barest), true));
    addPresence(samples);
    add(samples, new ServerFrame.Pong("1", 1), new ServerFrame.Pong(null, 1));
    add(samples, new ServerFrame.Expiring(1), new ServerFrame.Expiring(1));
    add(samples, new ServerFrame.Goaway(1), new ServerFrame.Goaway(1));
    add(samples, new ServerFrame.Bye(CloseCode.BYE, 1L), new ServerFrame.Bye(CloseCode.BYE, null));
    add(
        samples,
        new ServerFrame.Refused("1", "r", ErrorCode.INTERNAL, "m", 1L),
        new ServerFrame.Refused(null, null, ErrorCode.INTERNAL, "m", null));
    return samples;
  }

  private static void addPresence(Map<String, Sample> samples) {
    var online = UserState.ONLINE;
    add(
        samples,
        new ServerFrame.Present(
            "1", "r", 1, 1, List.of(new ServerFrame.User("u", "n", 1, 2, online)), true),
        new ServerFrame.Present(null, "r", 1, 0, List.of(), false));
    add(
        samples,
        new ServerFrame.Presence(
            "r",
            1,
            1,
            new ServerFrame.Changes(
                List.of(new ServerFrame.Arrival("u", "n")),
                List.of("u"),
                List.of(new ServerFrame.Change("u", "n", online)))),
        new ServerFrame.Presence("r", 1, 1, null));
  }

  /** The answer to a question and what is pushed unasked for are two frames of one type. */
  private static String kind(JsonObject frame) {
    return frame.getString("type") + (frame.containsKey("users") ? " asked for" : "");
  }

  private static void add(Map<String, Sample> samples, ServerFrame fullest, ServerFrame barest) {
    JsonObject full = encoded(fullest);
    samples.put(kind(full), new Sample(full, encoded(barest)));
  }

  private static JsonObject encoded(ServerFrame frame) {
    return new JsonObject(new String(FrameCodec.encode(frame), UTF_8));
  }

  static List<String> clientExamples() {
    return ProtocolDocument.read().clientExamples();
  }

  static List<String> serverExamples() {
    return ProtocolDocument.read().serverExamples();
  }

  static List<Conversation> conversations() {
    return ProtocolDocument.read().conversations();
  }

  @ParameterizedTest
  @MethodSource("clientExamples")
  void every_client_example_is_understood(String frame) {
    assertThat(FrameCodec.decode(frame.getBytes(UTF_8))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("serverExamples")
  void every_server_example_is_what_the_server_writes(String frame) {
    assertWritable(new JsonObject(frame));
  }

  @Test
  void every_frame_has_an_example() {
    assertThat(serverExamples().stream().map(frame -> kind(new JsonObject(frame))))
        .containsAll(SAMPLES.keySet());
    assertThat(SAMPLES).hasSameSizeAs(ServerFrame.class.getPermittedSubclasses());
    assertThat(clientExamples().stream()
            .map(frame -> FrameCodec.decode(frame.getBytes(UTF_8)).getClass().getName()))
        .containsAll(Stream.of(ClientFrame.class.getPermittedSubclasses())
            .map(Class::getName)
            .toList());
  }

  @Test
  void every_code_of_an_example_exists() {
    for (String example : serverExamples()) {
      var frame = new JsonObject(example);
      if ("bye".equals(frame.getString("type"))) {
        assertThat(Stream.of(CloseCode.values()))
            .anyMatch(code -> code.code() == frame.getInteger("code")
                && code.reason().equals(frame.getString("reason"))
                && code.reconnect() == frame.getBoolean("reconnect"));
      } else if ("error".equals(frame.getString("type"))) {
        assertThat(Stream.of(ErrorCode.values()).map(ErrorCode::wire))
            .contains(frame.getString("code"));
      }
    }
  }

  @Test
  void the_form_for_tools_knows_every_frame_and_error() throws IOException {
    String asyncapi = Files.readString(Path.of("src", "docs", "asyncapi.yaml"));
    Stream.concat(serverExamples().stream(), clientExamples().stream())
        .map(frame -> new JsonObject(frame).getString("type"))
        .forEach(type -> assertThat(asyncapi).contains("type: {const: " + type + "}"));
    String errors =
        Stream.of(ErrorCode.values()).map(ErrorCode::wire).collect(Collectors.joining(", "));
    assertThat(asyncapi).contains("enum: [" + errors + "]");
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void every_conversation_is_made_of_frames_that_can_be(Conversation conversation) {
    assertThat(conversation.turns().get(0).sent()).isNull();
    for (Conversation.Turn turn : conversation.turns()) {
      assertThat(turn.answers()).as("answers to %s", turn.sent()).isNotEmpty();
      turn.answers().forEach(ProtocolDocumentTest::assertWritable);
      if (turn.sent() != null) {
        assertAnswered(turn.filled(KNOWN), turn.answers());
      }
    }
  }

  private static void assertWritable(JsonObject example) {
    Sample sample = SAMPLES.get(kind(example));
    assertThat(sample).as("type of %s", example).isNotNull();
    assertWritable(example, sample);
  }

  private static void assertWritable(JsonObject example, Sample sample) {
    var allowed = new ArrayList<>(sample.fullest().fieldNames());
    allowed.retainAll(example.fieldNames());
    assertThat(example.fieldNames())
        .as("names and order of %s", example)
        .containsExactlyElementsOf(allowed)
        .containsAll(sample.barest().fieldNames());
    for (String name : allowed) {
      if (!name.equals("data") && !name.equals("ref")) {
        assertSameKind(name, example.getValue(name), sample.fullest().getValue(name));
      }
    }
  }

  private static void assertSameKind(String name, Object shown, Object written) {
    if (shown instanceof String text && (text.equals("…") || text.startsWith("$"))) {
      return;
    }
    switch (written) {
      case Number n -> assertThat(shown).as(name).isInstanceOf(Number.class);
      case JsonObject object ->
        assertThat(((JsonObject) shown).fieldNames())
            .as(name)
            .containsExactlyElementsOf(object.fieldNames());
      case JsonArray array ->
        ((JsonArray) shown).forEach(one -> assertEntry(array, (JsonObject) one));
      default -> assertThat(shown).as(name).hasSameClassAs(written);
    }
  }

  /** Entries are frames of their own, or objects that have everything in the sample. */
  private static void assertEntry(JsonArray written, JsonObject shown) {
    if (shown.containsKey("type")) {
      assertWritable(shown);
    } else {
      var barest = written.getJsonObject(0).copy();
      barest.remove("name");
      assertWritable(shown, new Sample(written.getJsonObject(0), barest));
    }
  }

  /** A frame is either understood, or refused with just the error that the document shows. */
  private static void assertAnswered(String sent, List<JsonObject> answers) {
    JsonObject answer = answers.get(0);
    String code = answer.getString("code", "");
    boolean refused = List.of("bad_frame", "unknown_type", "bad_request").contains(code);
    if (refused) {
      assertThatThrownBy(() -> FrameCodec.decode(sent.getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> assertThat(Conversation.matches(answer, encoded(e.frame()), new HashMap<>()))
                  .as("%s answers %s", encoded(e.frame()), sent)
                  .isTrue());
    } else {
      assertThat(FrameCodec.decode(sent.getBytes(UTF_8))).isNotNull();
    }
  }
}
