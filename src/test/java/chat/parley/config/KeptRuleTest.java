package chat.parley.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptRuleTest {
  @Test
  void a_rule_is_a_pattern_a_size_and_an_age() {
    assertThat(KeptRule.parse(" team-*  5000 7d "))
        .isEqualTo(new KeptRule("team-*", 5000, Duration.ofDays(7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "team-*",
        "team-* 5000",
        "team-* many 7d",
        "team-* 0 7d",
        "a b 5 7d",
        "t/x 5 7d",
        "t 5 0s",
        "t 1000001 1d"
      })
  void anything_else_is_none(String text) {
    assertThat(KeptRule.parse(text)).isNull();
  }
}
