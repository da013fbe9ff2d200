package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.LogWatch;
import chat.parley.tls.KeyFiles;
import chat.parley.tls.PeerTls;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar parley.jar certificate}. */
@Timeout(60)
class CertificateIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @TempDir
  Path directory;

  private int certificate(String... options) {
    var args = new ArrayList<>(List.of("certificate", "--out", folder().toString()));
    args.addAll(List.of(options));
    return new Launcher(
            args.toArray(String[]::new),
            Map.of(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8))
        .launch();
  }

  private Path folder() {
    return directory.resolve("made");
  }

  private String cert() {
    return folder().resolve("cert.pem").toString();
  }

  private String key() {
    return folder().resolve("key.pem").toString();
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(Path.of(cert()))) {
      trusted.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    var client = HttpClient.newBuilder().sslContext(context).build();
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_node_that_is_started_as_it_says_is_reached_by_who_trusts_the_certificate()
      throws Exception {
    assertThat(certificate()).as(err.toString(UTF_8)).isZero();
    assertThat(out.toString(UTF_8))
        .contains("PARLEY_HTTP_TLS_CERT=" + cert(), "PARLEY_HTTP_TLS_KEY=" + key(), "localhost");
    var tls = JsonObject.of("cert", cert(), "key", key());
    try (var node = TestNode.alone(JsonObject.of("http", JsonObject.of("tls", tls)))) {
      for (var host : List.of("localhost", "127.0.0.1")) {
        var uri = URI.create("https://" + host + ":" + node.http().getPort() + "/health/live");
        assertThat(get(uri).statusCode()).as(host).isEqualTo(200);
      }
    }
  }

  @Test
  void nodes_take_it_from_each_other() {
    assertThat(certificate("--host", "a.test,*.b.test,::1")).isZero();
    assertThat(PeerTls.read(new KeyFiles(cert(), key(), null, null), cert())).isNotNull();
  }

  @Test
  void the_key_is_its_owners_alone_and_nothing_is_written_over_unasked() throws Exception {
    assertThat(certificate()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(key()))))
        .isEqualTo("rw-------");
    var first = Files.readString(Path.of(cert()));
    assertThat(certificate()).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("is there already", "--overwrite");
    assertThat(Files.readString(Path.of(cert()))).isEqualTo(first);
    assertThat(certificate("--overwrite", "--days", "3")).isZero();
    assertThat(Files.readString(Path.of(cert()))).isNotEqualTo(first);
  }

  @Test
  void what_is_no_host_or_no_time_is_refused() {
    assertThat(certificate("--host", "a b")).isEqualTo(2);
    assertThat(certificate("--host", "x,dns:y")).isEqualTo(2);
    assertThat(certificate("--days", "0")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("is no host", "0 days");
    assertThat(folder()).doesNotExist();
  }
}
