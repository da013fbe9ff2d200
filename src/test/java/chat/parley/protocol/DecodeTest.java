package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeTest {
  private static ClientFrame decode(String json) {
    return FrameCodec.decode(json.getBytes(UTF_8));
  }

  static ProtocolException refusal(byte[] frame) {
    ProtocolException refusal =
        catchThrowableOfType(ProtocolException.class, () -> FrameCodec.decode(frame));
    assertThat(refusal).as("should be refused: %s", new String(frame, UTF_8)).isNotNull();
    return refusal;
  }

  static ProtocolException refusal(String json) {
    return refusal(json.getBytes(UTF_8));
  }

  static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static void assertBadRequest(String json, @Nullable String ref, @Nullable String room) {
    ProtocolException refusal = refusal(json);
    assertThat(refusal.code()).as(json).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(refusal.ref()).as(json).isEqualTo(ref);
    assertThat(refusal.room()).as(json).isEqualTo(room);
  }

  @Test
  void every_type_is_read_with_all_its_fields() {
    assertThat(decode("{\"type\":\"auth\",\"ref\":1,\"token\":\"a.b.c\"}"))
        .isEqualTo(new ClientFrame.Auth("1", "a.b.c"));
    assertThat(
            decode(
                "{\"type\":\"join\",\"ref\":\"j\",\"room\":\"lobby\",\"since\":{\"epoch\":\"e1\",\"seq\":7},\"last\":20}"))
        .isEqualTo(new ClientFrame.Join("\"j\"", "lobby", new Position("e1", 7), 20));
    assertThat(decode("{\"type\":\"leave\",\"ref\":2,\"room\":\"lobby\"}"))
        .isEqualTo(new ClientFrame.Leave("2", "lobby"));
    assertThat(
            decode(
                "{\"type\":\"history\",\"ref\":3,\"room\":\"lobby\",\"before\":90,\"after\":10,\"limit\":5}"))
        .isEqualTo(new ClientFrame.History("3", "lobby", 90L, 10L, 5));
    assertThat(decode("{\"type\":\"presence\",\"ref\":4,\"room\":\"lobby\"}"))
        .isEqualTo(new ClientFrame.Presence("4", "lobby", null, 500));
    assertThat(decode("{\"type\":\"presence\",\"room\":\"lobby\",\"after\":\"a b\",\"limit\":2}"))
        .isEqualTo(new ClientFrame.Presence(null, "lobby", "a b", 2));
    assertThat(decode("{\"type\":\"ping\",\"ref\":5}")).isEqualTo(new ClientFrame.Ping("5"));
  }

  @Test
  void what_may_be_left_out_has_its_default() {
    assertThat(decode("{\"type\":\"join\",\"room\":\"a\"}"))
        .isEqualTo(new ClientFrame.Join(null, "a", null, 0));
    assertThat(decode("{\"type\":\"history\",\"room\":\"a\"}"))
        .isEqualTo(new ClientFrame.History(null, "a", null, null, FrameCodec.DEFAULT_PAGE));
    assertThat(decode("{\"type\":\"ping\"}")).isEqualTo(new ClientFrame.Ping(null));
    var publish = (ClientFrame.Publish) decode("{\"type\":\"publish\",\"room\":\"a\",\"data\":1}");
    assertThat(publish.id()).isNull();
    assertThat(publish.echo()).isTrue();
    var signal = (ClientFrame.Signal) decode("{\"type\":\"signal\",\"room\":\"a\",\"name\":\"n\"}");
    assertThat(signal.data()).isNull();
  }

  @Test
  void echo_may_be_declined() {
    var publish = (ClientFrame.Publish)
        decode("{\"type\":\"publish\",\"room\":\"a\",\"data\":1,\"echo\":false,\"id\":\"m 1\"}");
    assertThat(publish.echo()).isFalse();
    assertThat(publish.id()).isEqualTo("m 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1.50e+10",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a\\\"b\\\\\"",
        "\"\\ud800 alone\"",
        "\"grüße 🎉\"",
        "[]",
        "{}",
        "[1 ,\n\t2,[ ] ]",
        "{ \"a\" : {\"a\":1,\"a\":2} , \"b\":[{}] }"
      })
  void data_is_kept_byte_for_byte(String data) {
    for (String frame : new String[] {
      "{\"type\":\"publish\",\"room\":\"a\",\"data\":%s}",
      "{\"data\":%s,\"type\":\"publish\",\"room\":\"a\"}",
      " {\n\"type\" : \"publish\" , \"data\" :\t %s \r\n , \"room\" : \"a\" } \n",
      "{\"x\":\"ü🎉\",\"type\":\"publish\",\"room\":\"a\",\"data\": %s }"
    }) {
      var publish = (ClientFrame.Publish) decode(String.format(Locale.ROOT, frame, data));
      assertThat(new String(publish.data(), UTF_8)).isEqualTo(data);
    }
    var signal = (ClientFrame.Signal)
        decode("{\"type\":\"signal\",\"room\":\"a\",\"name\":\"n\",\"data\":" + data + "}");
    assertThat(signal.data()).isEqualTo(data.getBytes(UTF_8));
  }

  @Test
  void a_slice_of_a_larger_array_is_a_frame() {
    String frame = "{\"type\":\"publish\",\"room\":\"a\",\"ref\":12,\"data\":{\"x\":\"ü\"}}";
    byte[] padded = ("ü}]" + frame + "{\"").getBytes(UTF_8);

    var publish = (ClientFrame.Publish) FrameCodec.decode(padded, 4, frame.getBytes(UTF_8).length);

    assertThat(publish.ref()).isEqualTo("12");
    assertThat(new String(publish.data(), UTF_8)).isEqualTo("{\"x\":\"ü\"}");
  }

  @Test
  void data_may_hold_a_string_as_long_as_the_frame() {
    String data = '"' + "long\\n".repeat(50_000) + '"';
    var publish =
        (ClientFrame.Publish) decode("{\"type\":\"publish\",\"data\":" + data + ",\"room\":\"a\"}");
    assertThat(publish.data()).isEqualTo(data.getBytes(UTF_8));
  }

  @Test
  void data_does_not_change_with_the_array_it_came_in() {
    byte[] frame = "{\"type\":\"publish\",\"room\":\"a\",\"data\":\"mine\"}".getBytes(UTF_8);
    var publish = (ClientFrame.Publish) FrameCodec.decode(frame);
    Arrays.fill(frame, (byte) 'x');
    assertThat(new String(publish.data(), UTF_8)).isEqualTo("\"mine\"");
  }

  @Test
  void unknown_fields_are_ignored_however_nested() {
    assertThat(
            decode(
                "{\"v\":[{\"type\":\"join\",\"x\":[[1]]}],\"type\":\"ping\",\"room\":5,\"data\":{},\"é\":null}"))
        .isEqualTo(new ClientFrame.Ping(null));
  }

  @Test
  void escapes_mean_what_they_stand_for() {
    assertThat(decode("{\"t\\u0079pe\":\"p\\u0069ng\",\"ref\":\"\\u0061\"}"))
        .isEqualTo(new ClientFrame.Ping("\"a\""));
    assertThat(decode("{\"type\":\"auth\",\"token\":\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\ud83c\\udf89\"}"))
        .isEqualTo(new ClientFrame.Auth(null, "\b\f\n\r\t/\\\"🎉"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "12, 12",
        "-0, -0",
        "1.50, 1.50",
        "1E400, 1E400",
        "'\"\"', '\"\"'",
        "'\"a\\\"b\"', '\"a\\\"b\"'",
        "'\"\\u0022\\u002f\\u00fc\"', '\"\\\"/ü\"'",
        "'\"\\u0007\"', '\"\\u0007\"'",
        "'\"\\ud83c\\udf89\"', '\"🎉\"'"
      })
  void a_ref_is_kept_as_the_json_it_stands_for(String ref, String kept) {
    assertThat(decode("{\"type\":\"ping\",\"ref\":" + ref + "}").ref()).isEqualTo(kept);
  }

  @Test
  void the_bounds_themselves_are_allowed() {
    String text = "x".repeat(64);
    decode("{\"type\":\"ping\",\"ref\":\"" + text + "\"}");
    decode("{\"type\":\"ping\",\"ref\":" + "1".repeat(64) + "}");
    decode("{\"type\":\"publish\",\"room\":\"a\",\"data\":1,\"id\":\"" + text + "\"}");
    decode("{\"type\":\"signal\",\"room\":\"a\",\"name\":\"" + text + "\"}");
    decode("{\"type\":\"leave\",\"room\":\"" + "r".repeat(128) + "\"}");
    decode("{\"type\":\"join\",\"room\":\"a\",\"last\":100}");
    decode("{\"type\":\"history\",\"room\":\"a\",\"limit\":1}");
    decode("{\"type\":\"history\",\"room\":\"a\",\"before\":9007199254740992,\"after\":0}");
    decode("{\"type\":\"publish\",\"room\":\"a\",\"data\":" + nested(63) + "}");
    decode("{\"type\":\"publish\",\"room\":\"a\",\"data\":" + "1".repeat(1_000) + "}");
  }

  @Test
  void an_unknown_type_is_named_and_answered_to_its_ref() {
    ProtocolException refusal =
        refusal("{\"type\":\"shout\",\"room\":\"lobby\",\"loud\":true,\"ref\":\"r\"}");

    assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE);
    assertThat(refusal.ref()).isEqualTo("\"r\"");
    assertThat(refusal.room()).isEqualTo("lobby");
    assertThat(refusal).hasMessageStartingWith("\"type\" is \"shout\": expected one of auth join");
  }

  // What is a frame, but out of form.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"type\":\"auth\"",
        "\"type\":\"auth\",\"token\":5",
        "\"type\":\"auth\",\"token\":null",
        "\"type\":\"publish\"",
        "\"type\":\"publish\",\"data\":1,\"id\":\"\"",
        "\"type\":\"publish\",\"data\":1,\"id\":7",
        "\"type\":\"publish\",\"data\":1,\"id\":null",
        "\"type\":\"publish\",\"data\":1,\"id\":\"a\\u0000\"",
        "\"type\":\"publish\",\"data\":1,\"id\":\"a\\u0085\"",
        "\"type\":\"publish\",\"data\":1,\"id\":\"\\ud83c\"",
        "\"type\":\"publish\",\"data\":1,\"id\":\"\\udf89\\ud83c\"",
        "\"type\":\"publish\",\"data\":1,\"echo\":\"false\"",
        "\"type\":\"publish\",\"data\":1,\"echo\":0",
        "\"type\":\"publish\",\"data\":1,\"echo\":null",
        "\"type\":\"signal\"",
        "\"type\":\"signal\",\"name\":\"\"",
        "\"type\":\"signal\",\"name\":\"a\\nb\"",
        "\"type\":\"signal\",\"name\":[]",
        "\"type\":\"signal\",\"name\":\"\\udfff\"",
        "\"type\":\"join\",\"last\":-1",
        "\"type\":\"join\",\"last\":101",
        "\"type\":\"join\",\"last\":1.0",
        "\"type\":\"join\",\"last\":1e1",
        "\"type\":\"join\",\"last\":\"1\"",
        "\"type\":\"join\",\"last\":4294967297",
        "\"type\":\"join\",\"last\":99999999999999999999",
        "\"type\":\"join\",\"since\":5",
        "\"type\":\"join\",\"since\":null",
        "\"type\":\"join\",\"since\":[]",
        "\"type\":\"join\",\"since\":{}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"e\"}",
        "\"type\":\"join\",\"since\":{\"seq\":1}",
        "\"type\":\"join\",\"since\":{\"epoch\":1,\"seq\":1}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"\",\"seq\":1}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"e\",\"seq\":\"1\"}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"e\",\"seq\":-1}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"e\",\"seq\":1.5}",
        "\"type\":\"join\",\"since\":{\"epoch\":\"e\",\"seq\":9007199254740993}",
        "\"type\":\"history\",\"limit\":0",
        "\"type\":\"history\",\"limit\":101",
        "\"type\":\"history\",\"limit\":true",
        "\"type\":\"history\",\"before\":-1",
        "\"type\":\"history\",\"before\":\"7\"",
        "\"type\":\"history\",\"after\":9007199254740993",
        "\"type\":\"history\",\"after\":1.5",
        "\"type\":\"history\",\"after\":null"
      })
  void a_field_out_of_form_is_answered_to_its_ref_wherever_the_ref_stands(String fields) {
    assertBadRequest("{\"ref\":12,\"room\":\"lobby\"," + fields + "}", "12", "lobby");
    assertBadRequest("{" + fields + ",\"room\":\"lobby\",\"ref\":\"z\"}", "\"z\"", "lobby");
  }

  @Test
  void what_is_too_long_is_out_of_form() {
    String text = "x".repeat(65);
    String room = "\"ref\":1,\"room\":\"a\"";
    assertBadRequest(
        "{\"type\":\"publish\",\"data\":1,\"id\":\"" + text + "\"," + room + "}", "1", "a");
    assertBadRequest("{\"type\":\"signal\",\"name\":\"" + text + "\"," + room + "}", "1", "a");
    assertBadRequest(
        "{\"type\":\"join\",\"since\":{\"epoch\":\"" + text + "\",\"seq\":1}," + room + "}",
        "1",
        "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"join", "leave", "publish", "signal", "history", "presence"})
  void a_room_out_of_form_is_not_repeated(String type) {
    String rest = ",\"data\":1,\"name\":\"n\",\"ref\":3}";
    for (String room :
        new String[] {"\"\"", "\"a b\"", "\"a*\"", "\"ü\"", "5", "null", "[\"a\"]", "\"a\\u0000\""
        }) {
      assertBadRequest("{\"type\":\"" + type + "\",\"room\":" + room + rest, "3", null);
    }
    assertBadRequest(
        "{\"type\":\"" + type + "\",\"room\":\"" + "r".repeat(129) + '"' + rest, "3", null);
    assertBadRequest("{\"type\":\"" + type + '"' + rest, "3", null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "{}",
        "[1]",
        "\"\\ud800\"",
        "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        "11111111111111111111111111111111111111111111111111111111111111111"
      })
  void a_ref_out_of_form_is_refused_without_it(String ref) {
    assertBadRequest("{\"type\":\"leave\",\"ref\":" + ref + ",\"room\":\"a\"}", null, "a");
    ProtocolException unknown = refusal("{\"type\":\"shout\",\"ref\":" + ref + "}");
    assertThat(unknown.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE);
    assertThat(unknown.ref()).isNull();
  }

  // What a person is told.

  @Test
  void the_message_says_what_was_wrong_and_what_would_be_right() {
    assertThat(refusal("{\"type\":\"leave\",\"room\":\"a b\"}"))
        .hasMessage("\"room\" is \"a b\": expected 1–128 of A-Z a-z 0-9 . _ ~ : -");
    assertThat(refusal("{\"type\":\"leave\"}"))
        .hasMessage("\"room\" is missing: expected 1–128 of A-Z a-z 0-9 . _ ~ : -");
    assertThat(refusal("{\"type\":\"join\",\"room\":\"a\",\"last\":101}"))
        .hasMessage("\"last\" is 101: expected an integer, 0 to 100");
    assertThat(
            refusal("{\"type\":\"join\",\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":\"7\"}}"))
        .hasMessage("\"since.seq\" is \"7\": expected an integer, 0 to 2^53");
    assertThat(refusal("{\"type\":\"ping\",}"))
        .hasMessage("expected one JSON object in UTF-8: not JSON at byte 15");
  }

  @Test
  void the_message_shows_at_most_forty_characters_and_nothing_a_terminal_obeys() {
    assertThat(refusal("{\"type\":\"leave\",\"room\":\"" + "é".repeat(200) + "\"}"))
        .hasMessageStartingWith("\"room\" is \"" + "é".repeat(40) + "…\": expected");
    assertThat(refusal("{\"type\":\"leave\",\"room\":[" + "1,".repeat(200) + "1]}"))
        .hasMessageStartingWith("\"room\" is [" + "1,".repeat(19) + "1…: expected");
    assertThat(refusal("{\"type\":\"leave\",\"room\":\"" + "x".repeat(39) + "🎉🎉\"}"))
        .hasMessageStartingWith("\"room\" is \"" + "x".repeat(39) + "…\": expected");
    assertThat(refusal("{\"type\":\"leave\",\"room\":\"\\u001b[2J\\u202e\\ud800\\u2028\"}"))
        .hasMessageStartingWith("\"room\" is \"\uFFFD[2J\uFFFD\uFFFD\uFFFD\": expected");
    assertThat(refusal("{\"type\":\"leave\",\"room\":[\n\"\u007f\"]}"))
        .hasMessageStartingWith("\"room\" is [\uFFFD\"\uFFFD\"]: expected");
  }

  @Test
  void a_refusal_is_cheap_and_becomes_an_error_frame() {
    ProtocolException refusal = refusal("{\"type\":\"leave\",\"ref\":1}");
    assertThat(refusal.getStackTrace()).isEmpty();
    assertThat(new String(FrameCodec.encode(refusal.frame()), UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"ref\":1,\"code\":\"bad_request\",\"message\":\"\\\"room\\\" is missing:"
                + " expected 1–128 of A-Z a-z 0-9 . _ ~ : -\"}");
  }
}
