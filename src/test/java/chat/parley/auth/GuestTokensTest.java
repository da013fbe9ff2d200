package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity.Role;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GuestTokensTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private Instant now = START;
  private GuestTokens guests;
  private Authenticator authenticator;

  @BeforeEach
  void tokens(Vertx vertx) {
    InstantSource clock = () -> now;
    guests = new GuestTokens(SECRET, TokenRules.NONE, clock);
    authenticator = new JwtAuthenticator(vertx, SECRET, clock);
  }

  @Test
  void a_guest_is_a_member_for_a_day_under_the_name_they_chose() {
    var guest = authenticator.authenticate(guests.issue("  Ann \u202e Lee\n")).result();

    assertThat(guest.user()).matches("guest-[\\w-]{12}");
    assertThat(guest.name()).isEqualTo("Ann Lee");
    assertThat(guest.role()).isEqualTo(Role.MEMBER);
    assertThat(guest.rooms()).isNull();
    assertThat(guest.expires()).isEqualTo(START.plus(GuestTokens.LIFETIME).toEpochMilli());
  }

  @Test
  void a_day_later_the_guest_is_gone() {
    String token = guests.issue("Ann");
    now = START.plus(GuestTokens.LIFETIME);
    assertThat(authenticator.authenticate(token).cause()).isInstanceOf(BadToken.class);
  }

  @Test
  void a_guest_who_shows_a_good_token_stays_the_same_for_another_day() {
    var guest = authenticator.authenticate(guests.issue("Ann")).result();
    now = START.plusSeconds(3600);

    var again = authenticator.authenticate(guests.renew(guest, "Anna")).result();

    assertThat(again.user()).isEqualTo(guest.user());
    assertThat(again.name()).isEqualTo("Anna");
    assertThat(again.expires()).isEqualTo(now.plus(GuestTokens.LIFETIME).toEpochMilli());
  }

  @Test
  void nobody_elses_token_is_prolonged_or_widened_by_being_a_guest() {
    var others = List.of(
        new Identity("ann", "Ann", 1L, null, Role.MEMBER),
        new Identity("guest-ann", "Ann", 1L, List.of("team-*"), Role.MEMBER),
        new Identity("guest-ann", "Ann", null, null, Role.MEMBER),
        new Identity("guest-ann", "Ann", 1L, null, Role.ADMIN));
    for (var other : others) {
      var guest = authenticator.authenticate(guests.renew(other, "Ann")).result();
      assertThat(guest.user()).startsWith("guest-").isNotEqualTo(other.user());
      assertThat(guest.role()).isEqualTo(Role.MEMBER);
    }
  }

  @Test
  void two_of_one_name_are_two() {
    var users = new HashSet<String>();
    for (int i = 0; i < 1000; i++) {
      users.add(authenticator.authenticate(guests.issue("Ann")).result().user());
    }
    assertThat(users).hasSize(1000);
  }

  @Test
  void a_name_that_shows_nothing_or_too_much_is_refused_in_words_for_the_guest() {
    for (String name : new String[] {"", " \n", "\u200b\u202e", "\u3164", "x".repeat(65)}) {
      assertThatThrownBy(() -> guests.issue(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a name has 1–64 visible characters");
    }
    assertThat(guests.issue("x".repeat(64))).isNotEmpty();
  }
}
