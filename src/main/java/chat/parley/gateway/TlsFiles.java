package chat.parley.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificate and its key are, and what they are used with: TLS 1.2 and 1.3, forward secrecy, authenticated encryption. Immutable.
 *
 * @param cert PEM file, or null where there is a store
 * @param key PEM file, or null where there is a store
 * @param store PKCS#12 file, or null
 * @param password the store's
 * @param reload how often the files are looked at
 */
public record TlsFiles(
    @Nullable String cert,
    @Nullable String key,
    @Nullable String store,
    @Nullable String password,
    Duration reload) {
  private static final List<String> SUITES = List.of(
      "TLS_AES_128_GCM_SHA256",
      "TLS_AES_256_GCM_SHA384",
      "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Without the password. */
  @Override
  public String toString() {
    return store == null ? cert + " and " + key : String.valueOf(store);
  }

  /** Reads the files, and fails if they can't be used: not there, no pair, or half of them changed. */
  Future<ServerSSLOptions> read(Vertx vertx) {
    return vertx.executeBlocking(
        () -> {
          var pair = pair(vertx);
          check(pair, vertx);
          return options(pair);
        },
        false);
  }

  private KeyCertOptions pair(Vertx vertx) {
    var files = vertx.fileSystem();
    var one = store;
    return one == null
        ? new PemKeyCertOptions()
            .addCertValue(files.readFileBlocking(Objects.requireNonNull(cert)))
            .addKeyValue(files.readFileBlocking(Objects.requireNonNull(key)))
        : new PfxOptions()
            .setValue(files.readFileBlocking(one))
            .setPassword(Objects.requireNonNullElse(password, ""));
  }

  private static ServerSSLOptions options(KeyCertOptions pair) {
    var options = new ServerSSLOptions();
    options.setKeyCertOptions(pair);
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2")));
    SUITES.forEach(options::addEnabledCipherSuite);
    return options;
  }

  /** The library takes a key that doesn't belong to the certificate, and then every handshake fails. */
  private static void check(KeyCertOptions pair, Vertx vertx) throws Exception {
    var found = Arrays.stream(pair.getKeyManagerFactory(vertx).getKeyManagers())
        .filter(X509KeyManager.class::isInstance)
        .map(X509KeyManager.class::cast)
        .toList();
    for (var manager : found) {
      for (var kind : List.of("RSA", "EC", "EdDSA")) {
        var aliases = manager.getServerAliases(kind, null);
        for (var alias : aliases == null ? new String[0] : aliases) {
          check(manager.getCertificateChain(alias)[0], manager.getPrivateKey(alias));
          return;
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
