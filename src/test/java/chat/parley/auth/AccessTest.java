package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.auth.Identity.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessTest {
  @Test
  void one_pattern_that_fits_is_enough() {
    var ann = with(List.of("lobby", "team-*"));
    assertThat(Access.may(ann, "lobby")).isTrue();
    assertThat(Access.may(ann, "team-red")).isTrue();
    assertThat(Access.may(ann, "my-team-red")).isFalse();
    assertThat(Access.may(ann, "Lobby")).isFalse();
  }

  @Test
  void without_patterns_every_room_is_open_and_with_none_of_them_no_room_is() {
    assertThat(Access.may(with(null), "lobby")).isTrue();
    assertThat(Access.may(with(List.of()), "lobby")).isFalse();
  }

  private static Identity with(@Nullable List<String> rooms) {
    return new Identity("ann", null, null, rooms, Role.MEMBER);
  }
}
