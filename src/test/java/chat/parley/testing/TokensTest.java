package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokensTest {
  @Test
  void a_token_says_what_it_was_told_to() {
    var clock = InstantSource.fixed(Instant.ofEpochSecond(1_000));
    var token = new Tokens(Tokens.SECRET, clock)
        .user("ann")
        .name("Ann")
        .rooms("team-*")
        .role("moderator")
        .expiresIn(Duration.ofSeconds(60))
        .sign();

    var parts = token.split("\\.", -1);
    assertThat(parts).hasSize(3);
    assertThat(decoded(parts[0]).getString("alg")).isEqualTo("HS256");
    var claims = decoded(parts[1]);
    assertThat(claims.getString("sub")).isEqualTo("ann");
    assertThat(claims.getString("name")).isEqualTo("Ann");
    assertThat(claims.getJsonArray("rooms")).isEqualTo(JsonArray.of("team-*"));
    assertThat(claims.getString("role")).isEqualTo("moderator");
    assertThat(claims.getLong("exp")).isEqualTo(1_060);
  }

  private static JsonObject decoded(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }
}
