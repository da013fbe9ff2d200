package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisplayNameTest {
  @Test
  void ordinary_names_of_any_script_stay_as_they_are() {
    for (String name : new String[] {
      "Ann", "Zoë O'Neill", "李小龍", "محمد", "अनुष्का", "👩‍👩‍👧", "می‌خواهم", "<b>x</b>"
    }) {
      assertThat(DisplayName.clean(name)).isEqualTo(name);
    }
  }

  @Test
  void what_turns_hides_or_breaks_is_taken_out() {
    assertThat(DisplayName.clean("a\u202eb\u2066c\u200fd\u061ce")).isEqualTo("abcde");
    assertThat(DisplayName.clean("a\u0000b\u001b[31mc\u0085d")).isEqualTo("ab[31mcd");
    assertThat(DisplayName.clean("a\u200b\ufeff\u00adb")).isEqualTo("ab");
    assertThat(DisplayName.clean("a\ud800b")).isEqualTo("ab");
  }

  @Test
  void all_space_is_one_blank_and_none_at_the_ends() {
    assertThat(DisplayName.clean("\t a \u00a0\u2003\u2028 b\n")).isEqualTo("a b");
  }

  @Test
  void two_ways_to_write_a_letter_are_one() {
    assertThat(DisplayName.clean("e\u0301")).isEqualTo("\u00e9");
  }

  @Test
  void what_leaves_no_ink_is_no_name() {
    for (String name : new String[] {"", " ", "\u200d", "\u3164", "\u2800", "\u0301"}) {
      assertThat(DisplayName.clean(name)).isEmpty();
      assertThat(DisplayName.shortened(name)).isNull();
    }
  }

  @Test
  void a_long_name_is_cut_between_characters() {
    assertThat(DisplayName.shortened("x".repeat(70))).hasSize(64);
    assertThat(DisplayName.shortened("x".repeat(63) + "😀")).isEqualTo("x".repeat(63));
    assertThat(DisplayName.shortened("x".repeat(62) + "😀y")).isEqualTo("x".repeat(62) + "😀");
  }
}
