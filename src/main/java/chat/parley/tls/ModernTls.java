package chat.parley.tls;

import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;

/** TLS 1.2 and 1.3 with forward secrecy and authenticated encryption, and nothing else. Pure. */
public final class ModernTls {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
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

  private ModernTls() {}

  /** Allows these alone, and returns the options. */
  public static <T extends SSLOptions> T allow(T options) {
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(PROTOCOLS));
    SUITES.forEach(options::addEnabledCipherSuite);
    return options;
  }

  /** Turns TLS on with these alone, and returns the options. */
  public static <T extends TCPSSLOptions> T turnOn(T options) {
    options.setSsl(true);
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(PROTOCOLS));
    SUITES.forEach(options::addEnabledCipherSuite);
    return options;
  }
}
