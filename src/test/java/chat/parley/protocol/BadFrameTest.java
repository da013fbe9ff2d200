package chat.parley.protocol;

import static chat.parley.protocol.DecodeTest.nested;
import static chat.parley.protocol.DecodeTest.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no frame at all. */
class BadFrameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "{",
        "{}x",
        "{} {}",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}}",
        "{\"type\":\"ping\",}",
        "{type:\"ping\"}",
        "{'type':'ping'}",
        "{\"type\":\"ping\"} // why",
        "{\"type\":\"ping\",\"x\":NaN}",
        "{\"type\":\"ping\",\"x\":01}",
        "{\"type\":\"ping\",\"x\":+1}",
        "{\"type\":\"ping\",\"x\":1.}",
        "{\"type\":\"ping\",\"x\":.5}",
        "{\"type\":\"ping\",\"x\":truely}",
        "{\"type\":\"ping\",\"x\":\"\\q\"}",
        "{\"type\":\"ping\",\"x\":\"\\u12g4\"}",
        "{\"type\":\"ping\",\"x\":\"line\nbreak\"}",
        "{\"type\":\"ping\",\"x\":[1,2}",
        "{\"type\":\"ping\",\"x\":[1 2]}",
        "[]",
        "[{\"type\":\"ping\"}]",
        "\"ping\"",
        "1",
        "null",
        "\uFEFF{\"type\":\"ping\"}",
        "{\"type\":\"ping\"}\0",
        "{\"type\":\"ping\",\"ref\":1,\"ref\":2}",
        "{\"type\":\"ping\",\"t\\u0079pe\":\"ping\"}",
        "{\"type\":\"ping\",\"unknown\":1,\"unknown\":1}",
        "{}",
        "{\"Type\":\"ping\"}",
        "{\"type\":null}",
        "{\"type\":5}",
        "{\"type\":[\"ping\"]}"
      })
  void what_is_not_one_json_object_with_a_type_is_a_bad_frame(String text) {
    assertThat(refusal(text).code()).isEqualTo(ErrorCode.BAD_FRAME);
  }

  @Test
  void other_encodings_are_bad_frames() {
    String ping = "{\"type\":\"ping\"}";
    for (var charset : new Charset[] {
      StandardCharsets.UTF_16,
      StandardCharsets.UTF_16LE,
      StandardCharsets.UTF_16BE,
      Charset.forName("UTF-32LE"),
      Charset.forName("UTF-32BE")
    }) {
      assertThat(refusal(ping.getBytes(charset)).code())
          .as(charset.name())
          .isEqualTo(ErrorCode.BAD_FRAME);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "C3",
        "C328",
        "C080",
        "C1BF",
        "E08080",
        "E09FBF",
        "EDA080",
        "EDBFBF",
        "E28228",
        "F0808080",
        "F08FBFBF",
        "F4908080",
        "F5808080",
        "F09F8E",
        "FF"
      })
  void malformed_utf8_is_a_bad_frame_wherever_it_stands(String hex) {
    byte[] malformed = HexFormat.of().parseHex(hex);
    for (String head : new String[] {"{\"type\":\"ping\",\"x\":\"", "{\"type\":\"ping\",\""}) {
      var frame = new ByteArrayOutputStream();
      frame.writeBytes(head.getBytes(UTF_8));
      frame.writeBytes(malformed);
      frame.writeBytes((head.endsWith(",\"") ? "\":1}" : "\"}").getBytes(UTF_8));
      assertThat(refusal(frame.toByteArray()).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }
  }

  @Test
  void a_frame_that_ends_inside_a_character_is_a_bad_frame() {
    byte[] frame = "{\"type\":\"ping\"}🎉".getBytes(UTF_8);
    for (int cut = 1; cut < 4; cut++) {
      byte[] ended = Arrays.copyOf(frame, frame.length - cut);
      assertThat(refusal(ended)).hasMessageEndingWith("not UTF-8");
    }
  }

  @Test
  void deep_nesting_is_a_bad_frame() {
    for (String frame : new String[] {
      "[".repeat(10_000),
      "{\"type\":\"publish\",\"room\":\"a\",\"data\":" + "[".repeat(10_000),
      "{\"type\":\"publish\",\"room\":\"a\",\"data\":" + nested(10_000) + "}",
      "{\"type\":\"publish\",\"room\":\"a\",\"data\":" + nested(64) + "}",
      "{\"a\":".repeat(10_000)
    }) {
      assertThat(refusal(frame).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }
  }

  @Test
  void immoderate_names_and_numbers_are_bad_frames() {
    assertThat(refusal("{\"type\":\"ping\",\"x\":" + "1".repeat(1_001) + "}").code())
        .isEqualTo(ErrorCode.BAD_FRAME);
    assertThat(refusal("{\"type\":\"ping\",\"" + "n".repeat(2_000) + "\":1}").code())
        .isEqualTo(ErrorCode.BAD_FRAME);
  }
}
