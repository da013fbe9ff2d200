package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Conversation;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.SockJsClient;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** One node as its operator meets it: the jar, its start, its end and what it says when it can't start. */
@Timeout(90)
class ProcessIT {
  /** Four seconds on a machine that has nothing else to do; the rest is for those that have. */
  private static final Duration START = Duration.ofSeconds(8);

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void end() {
    Await.result("the end of the clients", VERTX.close());
  }

  private static NodeProcess.Start alone(TestInfo test) {
    return NodeProcess.Start.alone(
        "ProcessIT", test.getTestMethod().orElseThrow().getName());
  }

  @Test
  void it_is_ready_within_seconds_and_tells_how_it_is(TestInfo test) throws IOException {
    long began = System.nanoTime();
    try (var node = NodeProcess.launch(alone(test)).awaitReady()) {
      var took = Duration.ofNanos(System.nanoTime() - began);
      System.out.printf("start to ready: %d ms%n", took.toMillis());
      assertThat(took).isLessThan(START);

      var live = Http.get(node, "/health/live");
      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(live.body()).getString("status")).isEqualTo("UP");
      var ready = Http.get(node, "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("UP");
      try (var client = node.connect(VERTX, "ann")) {
        client.join("lobby");
        client.awaitAck("lobby", "hello", "m");
        var metrics = Http.get(node, "/metrics");
        assertThat(metrics.headers().firstValue("content-type").orElse(""))
            .startsWith("text/plain");
        assertThat(metrics.body())
            .contains("# HELP parley_connections ", "# TYPE parley_connections gauge")
            .contains("parley_connections 1.0", "parley_messages_accepted_total 1.0", "jvm_");
      }
      assertThat(Http.get(node, "/").body()).contains("<title>");
      var nothing = Http.get(node, "/no/such/page");
      assertThat(nothing.statusCode()).isEqualTo(404);
      assertThat(new JsonObject(nothing.body()).getInteger("status")).isEqualTo(404);
      assertThat(Files.readString(node.log()))
          .contains("http://localhost:" + node.http().getPort());
    }
  }

  @Test
  void asked_to_go_it_says_goodbye_to_everybody_and_ends(TestInfo test) {
    var node = NodeProcess.launch(alone(test)).awaitReady();
    var clients = new ArrayList<Conversation>();
    for (int i = 0; i < 5; i++) {
      clients.add(node.connect(VERTX, "user" + i));
    }
    for (var transport : SockJsClient.Transport.values()) {
      clients.add(SockJsClient.connect(VERTX, node.sockjs(), transport, Tokens.of("sock")));
    }
    clients.forEach(client -> client.join("lobby"));
    // Whoever knocks while the door is being closed: Netty had accepted what Vert.x no longer
    // takes.
    node.expect("ServerBootstrap: Failed to register an accepted channel");
    long began = System.nanoTime();
    node.terminate();
    for (var client : clients) {
      var bye = client.await("bye");
      assertThat(bye.getInteger("code")).isEqualTo(1001);
      assertThat(bye.getBoolean("reconnect")).isTrue();
      assertThat(bye.getLong("reconnectAfter")).isBetween(0L, 30_000L);
      var ending = client.awaitEnding(Await.SOON);
      if (client instanceof ChatClient) {
        assertThat(ending.code()).isEqualTo(1001);
      }
    }
    assertThat(node.exitCode()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    node.close();
  }

  @Test
  void a_client_that_does_not_read_keeps_nobody_from_leaving(TestInfo test) {
    var node = NodeProcess.launch(alone(test)).awaitReady();
    var deaf = node.connect(VERTX, "deaf");
    deaf.join("lobby");
    deaf.stopReading();
    long began = System.nanoTime();
    node.terminate();
    assertThat(node.exitCode()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    node.close();
    deaf.readOn();
    deaf.awaitEnding(Await.SOON);
  }

  @Test
  void a_port_in_use_is_told_in_one_sentence(TestInfo test) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());
      var node = NodeProcess.launch(alone(test).with("PARLEY_HTTP_PORT", port));
      assertThat(node.exitCode()).isNotIn(0, 143);
      assertThat(told(node))
          .singleElement()
          .asString()
          .contains("Parley could not start", "127.0.0.1:" + port, "http.port");
      node.expect("Parley could not start").close();
    }
  }

  @Test
  void every_mistake_of_the_configuration_is_told_at_once(TestInfo test) throws IOException {
    var node = NodeProcess.launch(alone(test)
        .with("PARLEY_HTTP_PORT", "70000")
        .with("PARLEY_HTP_HOST", "x")
        .with("PARLEY_AUTH_SECRET", "short")
        .with("PARLEY_HEARTBEAT_INTERVAL", "soon"));
    assertThat(node.exitCode()).isEqualTo(2);
    assertThat(Files.readString(node.log()))
        .contains("http.port", "PARLEY_HTP_HOST", "PARLEY_HTTP_HOST")
        .contains("auth.secret", "heartbeat.interval")
        .doesNotContain("short")
        .doesNotContain("Exception");
    node.close();
  }

  private static List<String> told(NodeProcess node) throws IOException {
    return Files.readAllLines(node.log()).stream()
        .filter(line -> !line.isBlank())
        .toList();
  }
}
