package chat.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserNameTest {
  @Test
  void a_name_has_1_to_128_characters() {
    assertThat(UserName.isValid("")).isFalse();
    assertThat(UserName.isValid("u".repeat(128))).isTrue();
    assertThat(UserName.isValid("u".repeat(129))).isFalse();
  }

  @Test
  void any_script_is_welcome_but_no_control_characters() {
    assertThat(UserName.isValid("Zoë 🎉 <b>李</b>")).isTrue();
    assertThat(UserName.isValid("a\u0000")).isFalse();
    assertThat(UserName.isValid("a\nb")).isFalse();
    assertThat(UserName.isValid("\u007f")).isFalse();
    assertThat(UserName.isValid("\u0085")).isFalse();
  }

  @Test
  void half_a_surrogate_pair_is_no_character() {
    assertThat(UserName.isValid("\ud83c")).isFalse();
    assertThat(UserName.isValid("\ud83cx")).isFalse();
    assertThat(UserName.isValid("\udf89\ud83c")).isFalse();
  }
}
