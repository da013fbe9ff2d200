package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodesTest {
  @Test
  void no_two_codes_are_the_same() {
    assertThat(Arrays.stream(CloseCode.values()).map(CloseCode::code)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void the_range_of_a_close_code_says_whether_to_come_back(CloseCode code) {
    boolean standard = code.code() >= 1000 && code.code() < 1015;
    boolean comeBack = code.code() >= 4000 && code.code() < 4500;
    boolean stayAway = code.code() >= 4500 && code.code() < 5000;
    assertThat(standard || comeBack || stayAway).isTrue();
    assertThat(code.reconnect()).isEqualTo(standard || comeBack);
  }

  @ParameterizedTest
  @EnumSource
  void a_close_reason_fits_a_close_frame(CloseCode code) {
    assertThat(code.reason().getBytes(UTF_8).length).isBetween(1, 123);
  }

  @ParameterizedTest
  @EnumSource
  void the_document_lists_every_close_code(CloseCode code) {
    String row =
        "| %d | %s | %s |".formatted(code.code(), code.reason(), code.reconnect() ? "yes" : "no");
    assertThat(ProtocolDocument.read().text()).contains(row);
  }

  @ParameterizedTest
  @EnumSource
  void the_document_lists_every_error_code(ErrorCode code) {
    String row = "| `%s` | %s |".formatted(code.wire(), code.retryable() ? "yes" : "no");
    assertThat(ProtocolDocument.read().text()).contains(row);
  }
}
