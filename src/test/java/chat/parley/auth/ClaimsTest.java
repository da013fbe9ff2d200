package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.auth.Authenticator.BadToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server may ask of a token beyond its signature. */
class ClaimsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final long SECONDS = NOW.getEpochSecond();
  private static final TokenRules STRICT = new TokenRules(
      List.of("chat", "web"),
      List.of("https://id.example.org"),
      Duration.ofSeconds(5),
      Duration.ofHours(1));

  private static JsonObject good() {
    return JsonObject.of("sub", "ann", "exp", SECONDS + 60)
        .put("aud", "chat")
        .put("iss", "https://id.example.org");
  }

  private static Identity of(JsonObject claims) {
    return Claims.identity(claims, STRICT, NOW);
  }

  private static void refused(String why, JsonObject claims) {
    assertThatThrownBy(() -> of(claims)).isInstanceOf(BadToken.class).hasMessageContaining(why);
  }

  @Test
  void audience_and_issuer_have_to_be_ours() {
    assertThat(of(good()).user()).isEqualTo("ann");
    assertThat(of(good().put("aud", new JsonArray().add("else").add("web"))).user())
        .isEqualTo("ann");
    refused("another audience", good().put("aud", "else"));
    refused("another audience", good().put("aud", new JsonArray().add("else").add(7)));
    refused("another audience", good().put("aud", JsonObject.of("chat", true)));
    refused("another audience", removing("aud"));
    refused("another issuer", good().put("iss", "https://evil.example"));
    refused("another issuer", good().put("iss", new JsonArray().add("https://id.example.org")));
    refused("another issuer", removing("iss"));
  }

  private static JsonObject removing(String claim) {
    var claims = good();
    claims.remove(claim);
    return claims;
  }

  @Test
  void the_leeway_is_for_clocks_on_both_sides() {
    assertThat(of(good().put("exp", SECONDS - 4)).expires()).isEqualTo(NOW.toEpochMilli() + 1_000);
    refused("expired", good().put("exp", SECONDS - 5));
    assertThat(of(good().put("nbf", SECONDS + 5)).user()).isEqualTo("ann");
    refused("not valid yet", good().put("nbf", SECONDS + 6));
  }

  @Test
  void a_token_that_runs_for_too_long_or_for_ever_is_refused_where_that_is_asked() {
    assertThat(of(good().put("exp", SECONDS + 3600)).user()).isEqualTo("ann");
    refused("runs for longer than 3600 seconds", good().put("exp", SECONDS + 3700));
    refused("has no exp", removing("exp"));
  }

  @Test
  void it_says_what_revoking_it_needs() {
    var identity = of(good().put("jti", "t-1").put("iat", SECONDS));
    assertThat(identity.token()).isEqualTo("t-1");
    assertThat(identity.issued()).isEqualTo(NOW.toEpochMilli());
    assertThat(identity.guest()).isFalse();
    refused("jti must be text", good().put("jti", 7));
    refused("guest must be", good().put("guest", "yes"));
  }
}
