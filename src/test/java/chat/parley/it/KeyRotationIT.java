package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.TokenSigner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that change while a node runs, on a real HTTP server; it goes away too. */
@Timeout(60)
class KeyRotationIT {
  private final Vertx vertx = Vertx.vertx();
  private final TokenSigner old = TokenSigner.rsa("2026-1");
  private final TokenSigner young = TokenSigner.ec("2026-2");
  private final AtomicInteger asked = new AtomicInteger();
  private volatile JsonObject published = TokenSigner.jwks(old);
  private HttpServer server;
  private Nodes nodes;

  @BeforeEach
  void start() {
    server = Await.result(
        "a JWKS server",
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              asked.incrementAndGet();
              request.response().end(published.toBuffer());
            })
            .listen(0, "127.0.0.1"));
    var url = "http://127.0.0.1:" + server.actualPort() + "/.well-known/jwks.json";
    nodes = Nodes.of(1, JsonObject.of("auth", JsonObject.of("jwks", url, "jwksRefresh", "2s")));
  }

  @AfterEach
  void end() {
    nodes.close();
    Await.result("the end", vertx.close());
  }

  /** 101, or the status of the refusal. */
  private int knock(TokenSigner signer) {
    var options = ChatClient.options(nodes.first().webSocket(), signer.token("ann"));
    return Await.result(
        "an answer",
        ChatClient.open(nodes.vertx(), options, "client")
            .map(in -> {
              nodes.with(in);
              return 101;
            })
            .recover(why -> Future.succeededFuture(((UpgradeRejectedException) why).getStatus())));
  }

  @Test
  void a_new_key_is_good_at_once_and_a_removed_one_is_refused_within_seconds() {
    assertThat(knock(old)).isEqualTo(101);
    assertThat(knock(young)).isEqualTo(401);

    published = TokenSigner.jwks(old, young);
    Await.until("the new key is accepted", Await.SOON, () -> knock(young) == 101);
    assertThat(knock(old)).isEqualTo(101);

    published = TokenSigner.jwks(young);
    Await.until("the removed key is refused", Await.SOON, () -> knock(old) == 401);
    assertThat(knock(young)).isEqualTo(101);
  }

  @Test
  void while_the_server_is_down_the_known_keys_go_on_working() {
    assertThat(knock(old)).isEqualTo(101);
    Await.result("the server's end", server.close());
    Await.pass(Duration.ofSeconds(3)); // it was asked for in vain meanwhile
    assertThat(knock(old)).isEqualTo(101);
    assertThat(knock(young)).isEqualTo(401);
  }

  @Test
  void made_up_keys_do_not_make_the_node_ask_for_each() {
    for (int i = 0; i < 30; i++) {
      assertThat(knock(young.named("made up " + i))).isEqualTo(401);
    }
    assertThat(asked.get()).isLessThan(20);
  }
}
