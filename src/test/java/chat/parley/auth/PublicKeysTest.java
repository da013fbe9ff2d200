package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Authenticator.Unchecked;
import chat.parley.testing.Await;
import chat.parley.testing.TokenSigner;
import chat.parley.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens checked by public keys: whose are accepted, and what a public key can't be made to do. */
@ExtendWith(VertxExtension.class)
class PublicKeysTest {
  private Vertx vertx;

  @BeforeEach
  void on(Vertx vertx) {
    this.vertx = vertx;
  }

  static Stream<TokenSigner> signers() {
    return TokenSigner.ofEveryKind().stream();
  }

  private Authenticator by(KeySet keys) {
    return new JwtAuthenticator(
        vertx, keys, KeySource.none(), TokenRules.NONE, InstantSource.system());
  }

  private Authenticator byPem(String... pems) {
    return by(PemKeys.read(List.of(pems)));
  }

  private static KeySet jwks(JsonObject... keys) {
    return JsonWebKeys.parse(JsonObject.of("keys", List.of(keys)).toBuffer());
  }

  private static void accepted(Authenticator authenticator, String token) {
    var identity = Await.result("a token's check", authenticator.authenticate(token));
    assertThat(identity.user()).isEqualTo("ann");
  }

  private static void refused(Authenticator authenticator, String token) {
    assertThat(Await.failure("a token's check", authenticator.authenticate(token)))
        .isInstanceOf(BadToken.class);
  }

  @ParameterizedTest
  @MethodSource("signers")
  void a_key_of_any_kind_serves_as_pem_and_as_jwk(TokenSigner signer) {
    var token = signer.token("ann");
    accepted(byPem(signer.pem()), token);
    accepted(byPem(signer.pem().replace("\n", "\\n")), token);
    accepted(by(jwks(signer.jwk())), token);
    accepted(by(jwks(signer.jwk().put("alg", signer.algorithm()))), token);
    refused(byPem(TokenSigner.ec("p256").pem()), token);
    refused(byPem(signer.pem()), token.substring(0, token.length() - 8) + "AAAAAAAA");
  }

  @ParameterizedTest
  @MethodSource("signers")
  void what_another_library_signed_is_accepted(TokenSigner signer) {
    var key =
        new PubSecKeyOptions().setAlgorithm(signer.algorithm()).setBuffer(signer.privatePem());
    var token = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key))
        .generateToken(
            JsonObject.of("sub", "ann"), new JWTOptions().setAlgorithm(signer.algorithm()));
    accepted(byPem(signer.pem()), token);
  }

  @ParameterizedTest
  @MethodSource("signers")
  void a_public_key_is_never_a_secret(TokenSigner signer) {
    for (var secret : List.of(signer.pem(), signer.pem().strip(), signer.jwk().encode())) {
      var forged = new Tokens(secret, InstantSource.system()).user("ann").sign();
      refused(byPem(signer.pem()), forged);
      refused(by(jwks(signer.jwk())), forged);
    }
  }

  @ParameterizedTest
  @MethodSource("signers")
  void a_key_serves_one_algorithm_whatever_the_token_says(TokenSigner signer) {
    for (var other :
        List.of("none", "HS256", "RS256", "RS512", "ES256", "ES384", "EdDSA", "rs256")) {
      if (!other.equals(signer.algorithm())) {
        refused(byPem(signer.pem()), signer.claiming(other).token("ann"));
      }
    }
  }

  @Test
  void several_keys_in_one_file_serve_all(@TempDir Path dir) throws Exception {
    var rsa = TokenSigner.rsa("a");
    var ed = TokenSigner.edwards("b");
    var file = Files.writeString(dir.resolve("keys.pem"), "two keys\n" + rsa.pem() + ed.pem());
    var both = byPem(file.toString());
    accepted(both, rsa.token("ann"));
    accepted(both, ed.token("ann"));
    refused(both, TokenSigner.rsa("a").token("ann"));
  }

  @Test
  void a_key_that_is_named_serves_tokens_that_name_it_or_none() {
    var old = TokenSigner.ec("old");
    var keys = by(jwks(old.jwk(), TokenSigner.ec("new").jwk()));
    accepted(keys, old.token("ann"));
    accepted(keys, old.sign(JsonObject.of("alg", "ES256"), JsonObject.of("sub", "ann")));
    refused(keys, old.named("new").token("ann"));
    refused(keys, old.named("../../dev/null").token("ann"));
    refused(keys, old.named("' OR 1=1 --").token("ann"));
  }

  @Test
  void a_header_that_brings_a_key_or_asks_for_more_is_not_obeyed() {
    var mine = TokenSigner.ec("a");
    var theirs = TokenSigner.ec("a");
    var keys = by(jwks(theirs.jwk()));
    var claims = JsonObject.of("sub", "ann");
    var header = JsonObject.of("alg", "ES256");
    refused(keys, mine.sign(header.copy().put("jwk", mine.jwk()), claims));
    refused(keys, mine.sign(header.copy().put("jku", "http://127.0.0.1:1/"), claims));
    refused(keys, theirs.sign(header.copy().put("crit", List.of("b64")), claims));
    refused(keys, theirs.sign(header.copy().put("kid", 7), claims));
    refused(keys, theirs.sign(header.copy().put("kid", "x".repeat(1000)), claims));
  }

  @Test
  void weak_and_foreign_keys_are_refused_with_what_would_be_right() {
    assertThatThrownBy(() -> byPem(TokenSigner.rsa("weak", 1024).pem()))
        .hasMessageContaining("1024 bits");
    assertThatThrownBy(() -> byPem(TokenSigner.ec("x").privatePem()))
        .hasMessageContaining("a node needs only the public one");
    assertThatThrownBy(() -> byPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"))
        .hasMessageContaining("not an RSA key");
  }

  @Test
  void what_a_set_holds_beside_good_keys_is_skipped() {
    var good = TokenSigner.ec("good");
    var secret =
        JsonObject.of("kty", "oct", "kid", "s", "k", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");
    var keys = jwks(
        secret,
        TokenSigner.rsa("weak", 1024).jwk(),
        TokenSigner.rsa("for encryption").jwk().put("use", "enc"),
        TokenSigner.ec("lies").jwk().put("alg", "RS256"),
        TokenSigner.rsa("old").jwk().put("alg", "RS1"),
        JsonObject.of("kty", "EC", "crv", "secp256k1", "x", "AA", "y", "AA"),
        JsonObject.of("kty", "OKP", "crv", "Ed25519", "x", "AA"),
        JsonObject.of("kty", 7),
        good.jwk());
    assertThat(keys.size()).isEqualTo(1);
    accepted(by(keys), good.token("ann"));
    refused(
        by(keys),
        new Tokens("secretsecretsecretsecretsecret", InstantSource.system())
            .user("ann")
            .sign());
  }

  @Test
  void who_sends_more_than_can_be_checked_is_asked_to_come_again() {
    var signer = TokenSigner.ec("a");
    var flooded = byPem(signer.pem());
    var forged = TokenSigner.ec("a").token("eve");
    var answers = new ArrayList<Future<Identity>>();
    for (int i = 0; i < JwtAuthenticator.MOST_WAITING + 500; i++) {
      answers.add(flooded.authenticate(forged));
    }
    var last = answers.getLast();
    assertThat(Await.failure("the last one", last)).isInstanceOf(Unchecked.class);
    Await.until(
        "all are answered", Await.SOON, () -> answers.stream().allMatch(Future::isComplete));
    accepted(flooded, signer.token("ann"));
  }

  @Test
  void what_is_no_set_is_said_so() {
    for (var text : List.of("", "[]", "{}", "{\"keys\": 1}", "<html>")) {
      assertThatThrownBy(() -> JsonWebKeys.parse(Buffer.buffer(text)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a JWKS");
    }
  }
}
