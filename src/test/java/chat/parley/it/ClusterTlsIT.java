package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import chat.parley.testing.Authority;
import chat.parley.testing.Await;
import chat.parley.testing.LogLines;
import chat.parley.testing.LogWatch;
import chat.parley.testing.SockJsClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS between nodes: who has no certificate of the cluster's authority neither hears nor says anything. */
@Timeout(60)
class ClusterTlsIT {
  private static final Authority AUTHORITY = new Authority();
  private static final Authority FOREIGN = new Authority();
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir
  private static Path directory;

  @RegisterExtension
  final LogWatch log = new LogWatch();

  private static JsonObject settings(Authority authority, String name) {
    var cert = directory.resolve(name + ".pem");
    var key = directory.resolve(name + ".key");
    var ca = directory.resolve(name + "-ca.pem");
    authority.issue(cert, key);
    authority.write(ca);
    var tls = JsonObject.of("cert", cert.toString(), "key", key.toString(), "ca", ca.toString());
    return JsonObject.of("cluster", JsonObject.of("tls", tls));
  }

  /** What is said on the one is heard on the other. */
  private static void talk(Nodes nodes, String room) {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    ann.join(room);
    bob.join(room);
    for (int i = 0; i < 20; i++) {
      ann.awaitAck(room, "from ann " + i, "a" + i);
      bob.awaitAck(room, "from bob " + i, "b" + i);
    }
    assertThat(ann.awaitMessages(room, 40, Duration.ofSeconds(20))).hasSize(40);
    assertThat(bob.awaitMessages(room, 40, Duration.ofSeconds(20))).hasSize(40);
    nodes.judge().assertClean();
  }

  @Nested
  class All {
    private static Nodes nodes;

    @BeforeAll
    static void start() {
      nodes = Nodes.of(List.of(settings(AUTHORITY, "first"), settings(AUTHORITY, "second")));
    }

    @AfterAll
    static void end() {
      nodes.close();
    }

    @Test
    void messages_pass_between_nodes_over_the_bus() {
      talk(nodes, "warm-up"); // meanwhile the nodes connect
      nodes.hangUp();
      double repaired = nodes.metric("parley.repair.messages");
      talk(nodes, "lobby");
      nodes.hangUp();
      // Without the bus each of 40 would be read from the log by at least one node.
      assertThat(nodes.metric("parley.repair.messages") - repaired).isLessThan(20);
    }

    @Test
    void requests_that_reach_another_node_than_their_sessions_are_handed_on() {
      double before = nodes.metric("parley.sockjs.forwarded");
      var wanderer = nodes.connectAround(SockJsClient.Transport.XHR_STREAMING, "ann");
      wanderer.await("welcome");
      wanderer.join("around");
      for (int i = 0; i < 10; i++) {
        wanderer.awaitAck("around", "message " + i, "m" + i);
      }
      wanderer.awaitMessages("around", 10, Await.SOON);
      assertThat(nodes.metric("parley.sockjs.forwarded")).isGreaterThan(before);
      nodes.hangUp();
    }

    @Test
    void both_ports_show_a_certificate_of_the_cluster_and_take_no_other() throws Exception {
      for (int port : List.of(nodes.first().busPort(), nodes.first().relay().getPort())) {
        assertThat(served(port, keys(AUTHORITY)))
            .as("a node's certificate at %d", port)
            .isTrue();
        assertThat(served(port, keys(FOREIGN))).as("a foreign one at %d", port).isFalse();
        assertThat(served(port, null)).as("none at %d", port).isFalse();
      }
    }

    @Test
    void plain_text_is_answered_with_an_alert_and_the_end() throws IOException {
      for (int port : List.of(nodes.first().busPort(), nodes.first().relay().getPort())) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setSoTimeout(10_000);
          socket
              .getOutputStream()
              .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          byte[] answer = socket.getInputStream().readAllBytes();
          assertThat(answer).as("the answer at %d", port).hasSizeLessThan(16);
          assertThat(answer.length == 0 || answer[0] == 0x15).isTrue(); // a TLS record: alert
        }
      }
    }
  }

  /** Whether the handshake succeeds and the other side then waits for what is said. */
  private static boolean served(int port, @Nullable KeyManagerFactory keys) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(1_000);
      // With TLS 1.3 a client hears only afterwards that its certificate was refused.
      var end = catchThrowable(() -> {
        socket.startHandshake();
        int said = socket.getInputStream().read();
        throw new IOException("it said " + said);
      });
      return end instanceof java.net.SocketTimeoutException;
    }
  }

  private static KeyManagerFactory keys(Authority authority) throws Exception {
    var issued =
        authority.issue(directory.resolve("visitor.pem"), directory.resolve("visitor.key"));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "it", issued.getKeyPair().getPrivate(), PASSWORD, issued.getCertificatePath());
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    return keys;
  }

  @Test
  void a_node_without_tls_among_those_with_it_is_named_in_the_log_and_misses_nothing() {
    log.expect("ConnectionBase: .*reset"); // what the plain one says is not understood
    try (var lines = LogLines.capture();
        var nodes = Nodes.of(List.of(settings(AUTHORITY, "safe"), new JsonObject()))) {
      talk(nodes, "mixed");
      assertThat(lines.all())
          .anyMatch(line -> line.contains("has cluster.tls off, and this one has it on"))
          .anyMatch(line -> line.contains("has cluster.tls on, and this one has it off"));
      assertThat(nodes.metric("parley.repair.messages")).isPositive();
    }
  }

  @Test
  void a_node_of_another_authority_is_named_in_the_log_and_gets_nothing_over_the_bus() {
    try (var lines = LogLines.capture();
        var nodes = Nodes.of(List.of(settings(AUTHORITY, "ours"), settings(FOREIGN, "theirs")))) {
      talk(nodes, "foreign");
      assertThat(lines.all())
          .anyMatch(line -> line.matches("WARN Connecting to server \\S+ failed"));
      assertThat(nodes.metric("parley.repair.messages")).isPositive();
    }
  }

  /** Looks at no certificate. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
