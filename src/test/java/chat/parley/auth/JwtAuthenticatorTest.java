package chat.parley.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity.Role;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class JwtAuthenticatorTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final long NOW_SECONDS = NOW.getEpochSecond();

  private Vertx vertx;
  private Authenticator authenticator;

  @BeforeEach
  void authenticator(Vertx vertx) {
    this.vertx = vertx;
    authenticator = new JwtAuthenticator(vertx, SECRET, InstantSource.fixed(NOW));
  }

  @Test
  void a_full_token_says_who_is_speaking() {
    var claims = new JsonObject()
        .put("sub", "ann")
        .put("name", "Ann")
        .put("exp", NOW_SECONDS + 60)
        .put("nbf", NOW_SECONDS)
        .put("rooms", new JsonArray().add("team-*").add("lobby"))
        .put("role", "moderator");

    assertThat(accepted(claims))
        .isEqualTo(new Identity(
            "ann", "Ann", NOW.toEpochMilli() + 60_000, List.of("team-*", "lobby"), Role.MODERATOR));
  }

  @Test
  void a_sub_alone_is_a_member_without_end() {
    assertThat(accepted(new JsonObject().put("sub", "ann")))
        .isEqualTo(new Identity("ann", null, null, null, Role.MEMBER));
  }

  @Test
  void the_clock_decides_and_not_the_machine() {
    var claims = new JsonObject().put("sub", "ann").put("exp", NOW_SECONDS);
    assertThat(refused(sign("HS256", SECRET, claims))).isEqualTo("the token has expired");
    assertThat(accepted(claims.copy().put("exp", NOW_SECONDS + 0.5)).expires())
        .isEqualTo(NOW.toEpochMilli() + 500);
    assertThat(refused(sign(
            "HS256",
            SECRET,
            claims.copy().put("exp", NOW_SECONDS + 9).put("nbf", NOW_SECONDS + 1))))
        .isEqualTo("the token is not valid yet");
  }

  @Test
  void a_token_issued_by_a_clock_that_is_ahead_is_accepted() {
    assertThat(accepted(new JsonObject().put("sub", "ann").put("iat", NOW_SECONDS + 5))
            .user())
        .isEqualTo("ann");
  }

  @Test
  void an_end_beyond_all_times_stays_a_number_that_browsers_count() {
    assertThat(accepted(new JsonObject().put("sub", "ann").put("exp", 1e300)).expires())
        .isEqualTo(253_402_300_799_999L);
  }

  @Test
  void one_changed_character_anywhere_is_refused() {
    String token = sign("HS256", SECRET, new JsonObject().put("sub", "ann").put("role", "member"));
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String tampered = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(refused(tampered)).as("character %d", i).isNotEmpty();
    }
  }

  @Test
  void unsigned_tokens_are_refused_however_they_are_written() {
    String payload = base64("{\"sub\":\"ann\",\"role\":\"admin\"}");
    for (String alg : List.of("none", "None", "NONE", "nOnE", "")) {
      String header = base64("{\"typ\":\"JWT\",\"alg\":\"" + alg + "\"}");
      refused(header + "." + payload);
      refused(header + "." + payload + ".");
      refused(header + "." + payload + "." + base64("x"));
    }
    refused(base64("{\"typ\":\"JWT\"}") + "." + payload + "." + base64("x"));
    refused(base64("{\"alg\":null}") + "." + payload + "." + base64("x"));
    refused(base64("{\"alg\":256}") + "." + payload + "." + base64("x"));
  }

  @Test
  void another_algorithm_is_refused_even_with_the_right_secret() {
    var claims = new JsonObject().put("sub", "ann");
    refused(sign("HS384", SECRET + SECRET, claims));
    refused(sign("HS512", SECRET + SECRET, claims));
    refused(sign("HS384", SECRET, claims));
  }

  @Test
  void another_secret_is_refused() {
    refused(sign("HS256", SECRET + "!", new JsonObject().put("sub", "ann")));
  }

  @Test
  void a_key_that_the_token_brings_along_is_not_heeded() {
    String header = base64("{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\""
        + base64("x".repeat(32)) + "\"},\"kid\":\"../../dev/null\"}");
    refused(header + "." + base64("{\"sub\":\"ann\"}") + "." + base64("x".repeat(32)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"sub\": \"\"}",
        "{\"sub\": 7}",
        "{\"sub\": \"a\\nb\"}",
        "{\"sub\": \"a\\ud800\"}",
        "{\"sub\": \"ann\", \"exp\": \"tomorrow\"}",
        "{\"sub\": \"ann\", \"exp\": -1}",
        "{\"sub\": \"ann\", \"nbf\": true}",
        "{\"sub\": \"ann\", \"name\": 7}",
        "{\"sub\": \"ann\", \"rooms\": \"lobby\"}",
        "{\"sub\": \"ann\", \"rooms\": [7]}",
        "{\"sub\": \"ann\", \"rooms\": [null]}",
        "{\"sub\": \"ann\", \"rooms\": [\"no spaces\"]}",
        "{\"sub\": \"ann\", \"role\": \"root\"}",
        "{\"sub\": \"ann\", \"role\": [\"admin\"]}"
      })
  void a_claim_of_the_wrong_form_is_refused(String claims) throws Exception {
    refused(signAsWritten(claims));
  }

  @Test
  void a_token_signed_by_other_software_is_accepted() throws Exception {
    var answer = authenticator.authenticate(signAsWritten("{ \"sub\": \"ann\", \"aud\": \"x\" }"));
    assertThat(answer.result().user()).isEqualTo("ann");
  }

  @Test
  void a_sub_has_at_most_128_characters() {
    assertThat(accepted(new JsonObject().put("sub", "x".repeat(128))).user()).hasSize(128);
    refused(sign("HS256", SECRET, new JsonObject().put("sub", "x".repeat(129))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b.c", "a.b", "\u0000", "e30.e30.e30", "bearer x", "ä.ö.ü"})
  void what_is_no_token_is_refused(String token) {
    refused(token);
  }

  @Test
  void deep_nesting_and_length_are_refused_before_they_cost() {
    refused("[".repeat(SignedToken.MAX_LENGTH));
    refused("x".repeat(SignedToken.MAX_LENGTH + 1));
    refused(base64("[".repeat(3000)) + "." + base64("{}") + ".x");
  }

  @Test
  void an_empty_list_of_rooms_is_none_and_not_all() {
    var nobody = accepted(new JsonObject().put("sub", "ann").put("rooms", new JsonArray()));
    assertThat(Access.OPEN.missing(nobody, "lobby", Right.JOIN)).isNotNull();
  }

  private Identity accepted(JsonObject claims) {
    var answer = authenticator.authenticate(sign("HS256", SECRET, claims));
    assertThat(answer.cause()).isNull();
    return answer.result();
  }

  /** Why it is refused; the token itself must not be in the words. */
  private String refused(String token) {
    var answer = authenticator.authenticate(token);
    assertThat(answer.cause()).as("why %s is refused", token).isInstanceOf(BadToken.class);
    String message = String.valueOf(answer.cause().getMessage());
    if (token.length() > 8) {
      assertThat(message).doesNotContain(token);
    }
    return message;
  }

  private String sign(String algorithm, String secret, JsonObject claims) {
    var key = new PubSecKeyOptions().setAlgorithm(algorithm).setBuffer(Buffer.buffer(secret));
    return JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key))
        .generateToken(
            claims.copy(), new JWTOptions().setAlgorithm(algorithm).setNoTimestamp(true));
  }

  /** Signed without the library, which would tidy the JSON. */
  private static String signAsWritten(String claims) throws Exception {
    String signed = base64("{\"alg\":\"HS256\"}") + "." + base64(claims);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
