package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.auth.Identity.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static final Identity ANN = as("ann", Role.MEMBER);
  private static final Identity GUEST =
      new Identity("guest-1", null, null, null, Role.MEMBER, true, null, null);

  private static Identity as(String user, Role role) {
    return new Identity(user, null, null, null, role);
  }

  private static Identity with(@Nullable List<String> rooms) {
    return new Identity("ann", null, null, rooms, Role.ADMIN);
  }

  private static Access rules(String... rules) {
    return new Access(
        Arrays.stream(rules)
            .map(rule -> Objects.requireNonNull(RoomRule.parse(rule)))
            .toList(),
        null);
  }

  private static boolean may(Access access, Identity identity, String room, Right right) {
    return access.missing(identity, room, right) == null;
  }

  private static boolean mayJoin(Identity identity, String room) {
    return may(Access.OPEN, identity, room, Right.JOIN);
  }

  @Test
  void one_pattern_of_the_token_that_fits_is_enough() {
    var ann = with(List.of("lobby", "team-*"));
    assertThat(mayJoin(ann, "lobby")).isTrue();
    assertThat(mayJoin(ann, "team-red")).isTrue();
    assertThat(mayJoin(ann, "my-team-red")).isFalse();
    assertThat(mayJoin(ann, "Lobby")).isFalse();
  }

  @Test
  void without_patterns_every_room_is_open_and_with_none_of_them_no_room_is() {
    assertThat(mayJoin(with(null), "lobby")).isTrue();
    assertThat(mayJoin(with(List.of()), "lobby")).isFalse();
  }

  @Test
  void the_first_rule_that_fits_says_who_may_do_what() {
    var access = rules(
        "news-old join=none", "news-* publish=moderators history=members", "audit join=admins");
    assertThat(may(access, ANN, "news-today", Right.JOIN)).isTrue();
    assertThat(access.missing(ANN, "news-today", Right.PUBLISH))
        .isEqualTo("in this room publish needs a token with the role moderator or admin");
    assertThat(may(access, as("mo", Role.MODERATOR), "news-today", Right.PUBLISH))
        .isTrue();
    assertThat(may(access, as("root", Role.ADMIN), "news-today", Right.PUBLISH)).isTrue();
    assertThat(may(access, as("root", Role.ADMIN), "news-old", Right.JOIN)).isFalse();
    assertThat(may(access, GUEST, "news-today", Right.JOIN)).isTrue();
    assertThat(access.missing(GUEST, "news-today", Right.HISTORY)).contains("guests have none");
    assertThat(may(access, ANN, "news-today", Right.HISTORY)).isTrue();
    assertThat(may(access, as("mo", Role.MODERATOR), "audit", Right.JOIN)).isFalse();
    assertThat(may(access, GUEST, "elsewhere", Right.PUBLISH)).isTrue();
  }

  @Test
  void a_direct_room_is_for_its_two_whatever_their_role() {
    assertThat(mayJoin(ANN, "dm:ann:bob")).isTrue();
    assertThat(mayJoin(as("bob", Role.MEMBER), "dm:ann:bob")).isTrue();
    assertThat(mayJoin(as("root", Role.ADMIN), "dm:ann:bob")).isFalse();
    assertThat(mayJoin(as("an", Role.MEMBER), "dm:ann:bob")).isFalse();
    assertThat(mayJoin(with(List.of("team-*")), "dm:ann:bob")).isFalse();
    assertThat(may(rules("dm:* join=members"), GUEST, "dm:ann:guest-1", Right.JOIN))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "news",
        "news publish",
        "news publish=me",
        "news shout=all",
        "a b=c",
        "no/slash join=all",
        "news join=all join=none",
        ""
      })
  void a_rule_that_is_none_is_not_read(String text) {
    assertThat(RoomRule.parse(text)).isNull();
  }
}
