package chat.parley.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate and its key are: two PEM files, or one of PKCS#12. Immutable.
 *
 * @param cert PEM file, leaf first, or null
 * @param key PEM file, or null
 * @param store PKCS#12 file, or null
 * @param password the store's
 */
public record KeyFiles(
    @Nullable String cert,
    @Nullable String key,
    @Nullable String store,
    @Nullable String password) {
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

  /** Whether any are named. */
  public boolean areNamed() {
    return cert != null || store != null;
  }

  /** The files' names, without the password. */
  @Override
  public String toString() {
    return store == null ? cert + " and " + key : String.valueOf(store);
  }

  /**
   * Reads the files; it blocks.
   *
   * @throws IllegalArgumentException if they can't be used: not there, no pair, not valid now, or half of them changed
   */
  public KeyCertOptions read() {
    var options = options();
    chain(options); // the library takes any key, and then every handshake fails
    return options;
  }

  private KeyCertOptions options() {
    var one = store;
    return one == null
        ? new PemKeyCertOptions()
            .addCertValue(content(Objects.requireNonNull(cert)))
            .addKeyValue(content(Objects.requireNonNull(key)))
        : new PfxOptions()
            .setValue(content(one))
            .setPassword(Objects.requireNonNullElse(password, ""));
  }

  static Buffer content(String file) {
    try {
      return Buffer.buffer(Files.readAllBytes(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  /** The certificate, and those between it and its authority. */
  static X509Certificate[] chain(KeyCertOptions pair) {
    try {
      return chainOf(pair);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  @SuppressWarnings("NullAway") // The values are in the options: no Vert.x is needed to read files.
  private static X509Certificate[] chainOf(KeyCertOptions pair) throws Exception {
    var managers = Arrays.stream(pair.getKeyManagerFactory(null).getKeyManagers())
        .filter(X509KeyManager.class::isInstance)
        .map(X509KeyManager.class::cast)
        .toList();
    for (var manager : managers) {
      for (var kind : KINDS) {
        var aliases = manager.getServerAliases(kind, null);
        if (aliases != null && aliases.length > 0) {
          var chain = manager.getCertificateChain(aliases[0]);
          check(chain[0], manager.getPrivateKey(aliases[0]));
          return chain;
        }
      }
    }
    throw new IllegalArgumentException("there is no certificate with an RSA, EC or Ed25519 key");
  }

  private static void check(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    certificate.checkValidity();
    if (!belong(certificate.getPublicKey(), key)) {
      throw new IllegalArgumentException("the key does not belong to the certificate");
    }
  }

  private static boolean belong(PublicKey open, PrivateKey key) throws GeneralSecurityException {
    var signature = Signature.getInstance(
        switch (open.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        });
    byte[] word = Buffer.buffer("parley").getBytes();
    signature.initSign(key);
    signature.update(word);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update(word);
    return signature.verify(signed);
  }
}
