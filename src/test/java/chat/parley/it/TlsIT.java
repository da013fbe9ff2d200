package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.testing.Authority;
import chat.parley.testing.Await;
import chat.parley.testing.FreePorts;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with TLS of its own: what it speaks, and that its certificate may change under it. */
@Timeout(60)
class TlsIT {
  private final Authority authority = new Authority();
  private final Vertx vertx = Vertx.vertx();
  private final int plain = FreePorts.one();

  @TempDir
  Path directory;

  private TestNode node;
  private X509Certificate first;

  @BeforeEach
  void start() {
    first = issue();
    var tls = JsonObject.of(
        "cert", cert().toString(), "key", key().toString(), "reload", "1s", "redirect", plain);
    node = TestNode.alone(JsonObject.of("http", JsonObject.of("tls", tls)));
  }

  @AfterEach
  void end() {
    node.close();
    Await.result("the end of the clients", vertx.close());
  }

  private Path cert() {
    return directory.resolve("cert.pem");
  }

  private Path key() {
    return directory.resolve("key.pem");
  }

  private X509Certificate issue() {
    return authority.issue(cert(), key()).getCertificate();
  }

  private int port() {
    return node.http().getPort();
  }

  private PemTrustOptions trust() {
    return new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem()));
  }

  private WebSocket dial() {
    var client = vertx.createWebSocketClient(
        new WebSocketClientOptions().setSsl(true).setTrustOptions(trust()));
    var options = new WebSocketConnectOptions()
        .setHost("localhost")
        .setPort(port())
        .setSsl(true)
        .setURI("/ws")
        .addSubProtocol("parley.v1")
        .addSubProtocol("bearer." + Tokens.of("ann"));
    return Await.result("a WebSocket over TLS", client.connect(options));
  }

  private X509Certificate shown() {
    try (var socket = handshake("TLSv1.3")) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private SSLSocket handshake(String... protocols) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port());
    socket.setEnabledProtocols(protocols);
    socket.startHandshake();
    return socket;
  }

  @Test
  void a_certificate_that_changes_is_used_for_new_connections_and_old_ones_live() {
    var old = dial();
    var heard = new CopyOnWriteArrayList<String>();
    old.textMessageHandler(heard::add);
    assertThat(shown()).isEqualTo(first);

    var second = issue();

    Await.until("the new certificate", Await.SOON, () -> shown().equals(second));
    old.writeTextMessage("{\"type\":\"ping\",\"ref\":\"still here\"}");
    Await.until(
        "the old connection's answer", Await.SOON, () -> heard.toString().contains("still here"));
    dial().close();
  }

  @Test
  void a_pkcs12_file_serves_as_well_and_its_change_is_heeded() throws Exception {
    var store = directory.resolve("store.p12");
    var before = authority.issue(store, "changeit").getCertificate();
    var tls = JsonObject.of("store", store.toString(), "password", "changeit", "reload", "1s");
    node.close();
    node = TestNode.alone(JsonObject.of("http", JsonObject.of("tls", tls)));
    assertThat(shown()).isEqualTo(before);
    var old = dial();

    authority.issue(store, "another password");
    Await.pass(java.time.Duration.ofMillis(2_500));
    assertThat(shown()).isEqualTo(before);
    var after = authority.issue(store, "changeit").getCertificate();

    Await.until("the new certificate", Await.SOON, () -> shown().equals(after));
    assertThat(old.isClosed()).isFalse();
  }

  @Test
  void half_a_change_or_nonsense_leaves_what_was_there() throws Exception {
    var before = Files.readString(cert());
    issue();
    Files.writeString(cert(), before); // the key of the one, the certificate of the other
    Await.pass(java.time.Duration.ofMillis(2_500));
    assertThat(shown()).isEqualTo(first);
    Files.writeString(cert(), "nonsense");
    Await.pass(java.time.Duration.ofMillis(1_500));
    assertThat(shown()).isEqualTo(first);
    var good = issue();
    Await.until("the good one", Await.SOON, () -> shown().equals(good));
  }

  @Test
  void a_whole_room_is_heard_over_tls() {
    var ann = dial();
    var heard = new CopyOnWriteArrayList<String>();
    ann.textMessageHandler(heard::add);
    ann.writeTextMessage("{\"type\":\"join\",\"ref\":1,\"room\":\"lobby\"}");
    for (int i = 0; i < 200; i++) {
      ann.writeTextMessage("{\"type\":\"publish\",\"ref\":" + i + ",\"room\":\"lobby\",\"data\":\""
          + "x".repeat(2_000) + "\"}");
    }
    Await.until(
        "all of it",
        Await.SOON,
        () -> heard.stream()
                .filter(frame -> frame.startsWith("{\"type\":\"message\""))
                .count()
            == 200);
  }

  @Test
  void old_protocols_and_weak_suites_are_not_spoken() throws Exception {
    for (var protocol : Set.of("TLSv1.2", "TLSv1.3")) {
      try (var socket = handshake(protocol)) {
        assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        assertThat(socket.getSession().getCipherSuite()).containsAnyOf("_GCM_", "_CHACHA20_");
      }
    }
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"
      });
      assertThat(org.assertj.core.api.Assertions.catchThrowable(socket::startHandshake))
          .isNotNull();
    }
  }

  @Test
  void pages_say_that_they_are_for_tls_alone_and_the_plain_port_leads_to_it() {
    var page = get(true, port(), "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.getHeader("Strict-Transport-Security")).startsWith("max-age=");
    assertThat(page.getHeader("Content-Security-Policy")).contains("frame-ancestors 'none'");
    assertThat(page.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    var led = get(false, plain, "/a?b=c");
    assertThat(led.statusCode()).isEqualTo(308);
    assertThat(led.getHeader("Location")).isEqualTo("https://localhost:" + port() + "/a?b=c");
    assertThat(led.getHeader("Strict-Transport-Security")).isNull();
  }

  private HttpClientResponse get(boolean tls, int port, String path) {
    var client = vertx.createHttpClient(new HttpClientOptions().setTrustOptions(trust()));
    var options = new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setSsl(tls)
        .setHost("localhost")
        .setPort(port)
        .setURI(path);
    return Await.result("an answer", client.request(options).compose(request -> request.send()));
  }

  /** Looks at certificates, and doesn't judge them. */
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
