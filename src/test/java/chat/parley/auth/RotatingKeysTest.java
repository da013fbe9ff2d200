package chat.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Authenticator.Unchecked;
import chat.parley.testing.Await;
import chat.parley.testing.TokenSigner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys that change while the node runs, on a clock and with answers in the test's hand. */
@ExtendWith(VertxExtension.class)
@Timeout(30)
class RotatingKeysTest {
  private final TokenSigner old = TokenSigner.ec("old");
  private final TokenSigner young = TokenSigner.edwards("young");
  private final Queue<Promise<Buffer>> asked = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int questions;
  private RotatingKeys keys;
  private Authenticator authenticator;

  @BeforeEach
  void start(Vertx vertx) {
    InstantSource clock = () -> now;
    keys = new RotatingKeys(vertx, "the test's", this::ask, Duration.ofHours(1), clock);
    authenticator =
        new JwtAuthenticator(vertx, KeySet.EMPTY, keys, TokenRules.NONE, InstantSource.system());
  }

  private Future<Buffer> ask() {
    questions++;
    Promise<Buffer> answer = Promise.promise();
    asked.add(answer);
    return answer.future();
  }

  private void answer(TokenSigner... signers) {
    asked.remove().complete(TokenSigner.jwks(signers).toBuffer());
  }

  private void begin(TokenSigner... signers) {
    var started = keys.start();
    answer(signers);
    assertThat(started.succeeded()).isTrue();
    now = now.plusSeconds(60);
  }

  private String user(Future<Identity> checked) {
    return Await.result("a token's check", checked).user();
  }

  private Throwable refusal(Future<Identity> checked) {
    return Await.failure("a token's check", checked);
  }

  @Test
  void a_token_of_a_key_that_is_new_waits_for_the_set_to_be_read() {
    begin(old);
    var checked = authenticator.authenticate(young.token("ann"));
    assertThat(checked.isComplete()).isFalse();
    answer(old, young);
    assertThat(user(checked)).isEqualTo("ann");
    assertThat(user(authenticator.authenticate(old.token("bob")))).isEqualTo("bob");
    assertThat(questions).isEqualTo(2);
  }

  @Test
  void a_key_that_was_taken_out_is_refused_once_the_set_was_read() {
    begin(old, young);
    assertThat(user(authenticator.authenticate(old.token("ann")))).isEqualTo("ann");
    keys.newer();
    answer(young);
    now = now.plusSeconds(1);
    assertThat(refusal(authenticator.authenticate(old.token("ann")))).isInstanceOf(BadToken.class);
  }

  @Test
  void made_up_names_make_nobody_ask_more_often() {
    begin(old);
    var first = authenticator.authenticate(young.named("made up 1").token("eve"));
    var second = authenticator.authenticate(young.named("made up 2").token("eve"));
    answer(old);
    assertThat(refusal(first)).isInstanceOf(BadToken.class);
    assertThat(refusal(second)).isInstanceOf(BadToken.class);
    for (int i = 3; i < 100; i++) {
      refusal(authenticator.authenticate(young.named("made up " + i).token("eve")));
    }
    assertThat(questions).isEqualTo(2);
  }

  @Test
  void a_bad_signature_of_a_key_that_is_known_asks_nobody() {
    begin(old);
    assertThat(refusal(authenticator.authenticate(TokenSigner.ec("old").token("eve"))))
        .isInstanceOf(BadToken.class);
    assertThat(questions).isEqualTo(1);
  }

  @Test
  void while_the_set_cannot_be_read_what_was_read_last_holds() {
    begin(old);
    var checked = authenticator.authenticate(young.token("ann"));
    asked.remove().fail("connection refused");
    assertThat(refusal(checked)).isInstanceOf(BadToken.class);
    assertThat(user(authenticator.authenticate(old.token("bob")))).isEqualTo("bob");
    now = now.plusSeconds(60);
    var again = authenticator.authenticate(young.token("ann"));
    asked.remove().complete(Buffer.buffer("<html>down for maintenance</html>"));
    assertThat(refusal(again)).isInstanceOf(BadToken.class);
    assertThat(user(authenticator.authenticate(old.token("bob")))).isEqualTo("bob");
  }

  @Test
  void before_it_was_ever_read_nobody_can_tell() {
    var started = keys.start();
    asked.remove().fail("connection refused");
    assertThat(started.succeeded()).isTrue();
    assertThat(refusal(authenticator.authenticate(old.token("ann")))).isInstanceOf(Unchecked.class);
    now = now.plusSeconds(60);
    var checked = authenticator.authenticate(old.token("ann"));
    answer(old);
    assertThat(user(checked)).isEqualTo("ann");
  }
}
