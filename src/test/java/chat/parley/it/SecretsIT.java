package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node writes down, its whole output read: who came and was refused, and no secret, token or word of anybody. */
@Timeout(90)
class SecretsIT {
  private static final String SECRET = "RECOGNISABLE-SECRET-0123456789-abcdefghij";

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void secrets_tokens_and_messages_are_in_no_log(String format) throws Exception {
    var vertx = Vertx.vertx();
    var start = NodeProcess.Start.alone("SecretsIT", format)
        .with("PARLEY_AUTH_SECRET", SECRET)
        .with("PARLEY_LOG_FORMAT", format)
        .with("PARLEY_LOG_ACCESS", "true")
        .with("PARLEY_ACCESS_ROOMS", "staff join=admins");
    var good = new Tokens(SECRET, InstantSource.system())
        .user("ann")
        .expiresIn(Duration.ofHours(1))
        .sign();
    var bad = Tokens.of("mallory");
    try (var node = NodeProcess.launch(start).awaitReady()) {
      try (var ann = ChatClient.connect(vertx, node.webSocket(), good)) {
        ann.join("lobby");
        ann.awaitAck("lobby", "RECOGNISABLE-WORDS", "m");
        ann.sendText("{\"type\":\"join\",\"room\":\"staff\"}");
        ann.await("error");
        ann.sendText("{\"type\":\"auth\",\"token\":\"" + bad + "\"}");
        ann.await("error");
      }
      Await.failure(
          "a bad token",
          ChatClient.open(vertx, ChatClient.options(node.webSocket(), bad), "mallory"));
      Http.get(node, "/ws?access_token=" + good);
      var log = await(node, "closed");
      assertThat(log)
          .contains(
              "opened", "closed", "room_refused", "token_refused", "ann", "staff", "127.0.0.1")
          .doesNotContain(SECRET, good, bad, signature(good), signature(bad), "RECOGNISABLE");
    } finally {
      Await.result("the end of the clients", vertx.close());
    }
  }

  private static String await(NodeProcess node, String word) throws Exception {
    Await.until("the log says " + word, Await.SOON, () -> read(node).contains(word));
    return read(node);
  }

  private static String read(NodeProcess node) {
    try {
      return Files.readString(node.log());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String signature(String token) {
    return token.substring(token.lastIndexOf('.') + 1);
  }

  @Test
  void a_weak_secret_is_not_shown_in_the_refusal() throws Exception {
    var node = NodeProcess.launch(NodeProcess.Start.alone("SecretsIT", "weak")
        .with("PARLEY_AUTH_SECRET", "RECOGNISABLE-WEAK"));
    assertThat(node.exitCode()).isEqualTo(2);
    assertThat(Files.readString(node.log()))
        .contains("at least 32 bytes")
        .doesNotContain("RECOGNISABLE");
    node.close();
  }
}
