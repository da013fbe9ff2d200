package chat.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomNameTest {
  @Test
  void exactly_the_listed_characters_are_allowed() {
    Pattern form = Pattern.compile("[A-Za-z0-9._~:-]");
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String name = String.valueOf((char) c);
      assertThat(RoomName.isValid(name))
          .as("U+%04X", c)
          .isEqualTo(form.matcher(name).matches());
    }
  }

  @Test
  void a_name_has_1_to_128_characters() {
    assertThat(RoomName.isValid("")).isFalse();
    assertThat(RoomName.isValid("r".repeat(128))).isTrue();
    assertThat(RoomName.isValid("r".repeat(129))).isFalse();
    assertThat(RoomName.isValid("team-a:general~2.0_x")).isTrue();
    assertThat(RoomName.isValid("good bad")).isFalse();
  }

  @Test
  void a_pattern_is_a_name_with_stars() {
    assertThat(RoomName.isPattern("team-*")).isTrue();
    assertThat(RoomName.isPattern("*")).isTrue();
    assertThat(RoomName.isPattern("lobby")).isTrue();
    assertThat(RoomName.isPattern("team-?")).isFalse();
    assertThat(RoomName.isPattern("")).isFalse();
    assertThat(RoomName.isPattern("*".repeat(129))).isFalse();
    assertThat(RoomName.isValid("team-*")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "lobby, lobby, true",
    "lobby, lobby2, false",
    "lobby, lobb, false",
    "*, anything, true",
    "team-*, team-, true",
    "team-*, team-red, true",
    "team-*, team, false",
    "team-*, my-team-red, false",
    "*-red, team-red, true",
    "*-red, team-red-2, false",
    "*-red, a-red-red, true",
    "t*m-*d, team-red, true",
    "t*m-*d, team-blue, false",
    "a**b, ab, true",
    "a*b*c, aXbYbZc, true",
    "a.c, abc, false",
    "Team-*, team-red, false"
  })
  void only_the_star_is_special(String pattern, String room, boolean matches) {
    assertThat(RoomName.matches(pattern, room)).isEqualTo(matches);
  }

  @Test
  void it_agrees_with_a_regular_expression() {
    long seed = 7;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = word(random, "ab*", 8);
      String room = word(random, "ab", 10);
      assertThat(RoomName.matches(pattern, room))
          .as("seed %d: %s ~ %s", seed, pattern, room)
          .isEqualTo(room.matches(pattern.replace("*", ".*")));
    }
  }

  private static String word(Random random, String letters, int max) {
    var word = new StringBuilder();
    for (int n = random.nextInt(max); n > 0; n--) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  @Test
  @Timeout(10)
  void a_hostile_pattern_costs_no_more_than_the_product_of_the_lengths() {
    String pattern = "*a".repeat(63) + "*b";
    String room = "a".repeat(128);
    for (int i = 0; i < 1_000; i++) {
      assertThat(RoomName.matches(pattern, room)).isFalse();
    }
  }
}
