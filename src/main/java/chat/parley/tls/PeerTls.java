package chat.parley.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * TLS between nodes: either end shows a certificate of the cluster's authority and hears only peers that do. Under which name or address a node is reached does not
 * matter, since addresses come and go; so the authority has to be for this cluster alone. Immutable.
 */
public final class PeerTls {
  private final KeyCertOptions own;
  private final PemTrustOptions authority;

  private PeerTls(KeyCertOptions own, PemTrustOptions authority) {
    this.own = own;
    this.authority = authority;
  }

  /**
   * Reads the files; it blocks.
   *
   * @param own this node's certificate and key
   * @param ca PEM file with the authority's certificate; while another one takes its place, with both
   * @throws IllegalArgumentException if they can't be used: not there, no pair, or the other nodes would not take the certificate
   */
  public static PeerTls read(KeyFiles own, String ca) {
    var pair = own.read();
    var pem = KeyFiles.content(ca);
    var judge = judge(pem, ca);
    try {
      var chain = KeyFiles.chain(pair);
      judge.checkServerTrusted(chain, "UNKNOWN");
      judge.checkClientTrusted(chain, "UNKNOWN");
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "the other nodes would not take the certificate, with the authority in %s: %s"
              .formatted(ca, e.getMessage()),
          e);
    }
    return new PeerTls(pair, new PemTrustOptions().addCertValue(pem));
  }

  private static X509TrustManager judge(Buffer pem, String ca) {
    try {
      var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      var found = CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes()));
      for (var certificate : found) {
        anchors.setCertificateEntry(String.valueOf(anchors.size()), certificate);
      }
      if (found.isEmpty()) {
        throw new IllegalArgumentException("there is no certificate in " + ca);
      }
      var managers = TrustManagerFactory.getInstance("PKIX");
      managers.init(anchors);
      return (X509TrustManager) managers.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(ca + " can't be used: " + e.getMessage(), e);
    }
  }

  /** Turns it on for an event bus, and returns the options. */
  public EventBusOptions turnOn(EventBusOptions bus) {
    // Its own default is to take any.
    return use(bus).setTrustAll(false).setClientAuth(ClientAuth.REQUIRED);
  }

  /** Turns it on for a server that other nodes ask. */
  public HttpServerOptions turnOn(HttpServerOptions server) {
    return use(server).setUseAlpn(false).setClientAuth(ClientAuth.REQUIRED);
  }

  /** Turns it on for a client that asks other nodes. */
  public HttpClientOptions turnOn(HttpClientOptions client) {
    return use(client).setVerifyHost(false);
  }

  private <T extends TCPSSLOptions> T use(T options) {
    options.setKeyCertOptions(own.copy());
    options.setTrustOptions(authority.copy());
    return ModernTls.turnOn(options);
  }
}
