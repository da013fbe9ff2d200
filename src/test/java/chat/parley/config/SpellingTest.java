package chat.parley.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> KNOWN = List.of("limits.rate", "limits.rooms", "http.port");

  @Test
  void a_slip_finds_the_word_that_was_meant() {
    assertThat(Spelling.nearest("limit.rate", KNOWN)).isEqualTo("limits.rate");
    assertThat(Spelling.nearest("LIMITS.ROOM", KNOWN)).isEqualTo("limits.rooms");
    assertThat(Spelling.nearest("htttp.prot", KNOWN)).isEqualTo("http.port");
  }

  @Test
  void a_stranger_finds_nothing() {
    assertThat(Spelling.nearest("quux", KNOWN)).isNull();
    assertThat(Spelling.nearest("x", List.of())).isNull();
  }
}
