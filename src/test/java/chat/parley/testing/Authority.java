package chat.parley.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;

/** A certificate authority of the test's own. Immutable. */
public final class Authority {
  private final X509Bundle root;

  /** A new one. */
  public Authority() {
    try {
      root = new CertificateBuilder()
          .subject("CN=Parley test authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Its own certificate, PEM. */
  public String pem() {
    return root.getCertificatePEM();
  }

  /** Writes its own certificate, PEM. */
  public void write(Path file) {
    write(file, pem());
  }

  /** Issues a certificate for this machine and writes it with its key, each file at once. */
  public X509Bundle issue(Path cert, Path key) {
    return issue(cert, key, Instant.now().minus(Duration.ofHours(1)));
  }

  /** The same, good from then on: what tells it from others. */
  public X509Bundle issue(Path cert, Path key, Instant begins) {
    try {
      var issued = new CertificateBuilder()
          .subject("CN=localhost")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1")
          .notBefore(begins)
          .notAfter(Instant.now().plus(Duration.ofDays(2)))
          .buildIssuedBy(root);
      write(key, issued.getPrivateKeyPEM());
      write(cert, issued.getCertificatePathPEM());
      return issued;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Issues one and writes it with its key into a PKCS#12 file, at once. */
  public X509Bundle issue(Path store, String password) {
    try {
      var issued = issue(store.resolveSibling("unused.pem"), store.resolveSibling("unused.key"));
      var content = KeyStore.getInstance("PKCS12");
      content.load(null, null);
      content.setKeyEntry(
          "it",
          issued.getKeyPair().getPrivate(),
          password.toCharArray(),
          issued.getCertificatePath());
      var beside = store.resolveSibling(store.getFileName() + ".new");
      try (var out = Files.newOutputStream(beside)) {
        content.store(out, password.toCharArray());
      }
      Files.move(beside, store, StandardCopyOption.REPLACE_EXISTING);
      return issued;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      var beside = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Has the browser of whoever lives at this home trust it, as an administrator would. Takes {@code certutil} (Debian:
   * libnss3-tools).
   */
  public void trustedAt(Path home) {
    var store = "sql:" + home.resolve(".pki/nssdb");
    try {
      Files.createDirectories(home.resolve(".pki/nssdb"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var file = home.resolve("authority.pem");
    write(file, pem());
    Shell.run("certutil", "-d", store, "-N", "--empty-password");
    Shell.run("certutil", "-d", store, "-A", "-t", "C,,", "-n", "parley", "-i", file.toString());
  }
}
