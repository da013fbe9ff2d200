package chat.parley.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.auth.PemKeys;
import chat.parley.auth.RoomRule;
import chat.parley.http.Network;
import chat.parley.tls.KeyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What must be right between keys, and within one beyond its range. A key whose value could not be read is left out: one
 * mistake is told once. Confined to the call that made it.
 */
final class Consistency {
  private static final int SECRET_BYTES = 32;
  private static final Pattern ORIGIN =
      Pattern.compile("\\*|https?://(\\*\\.)?(\\[[0-9a-fA-F:.]+]|[\\w.-]+)(:\\d{1,5})?");
  private static final Pattern MEMBER =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[\\w.-]+)(:\\d{1,5})?");

  private final Config config;
  private final Map<String, Value> values;
  private final Set<String> bad;
  private final boolean clustered;
  private final List<Problem> problems = new ArrayList<>();

  Consistency(Config config, Map<String, Value> values, Set<String> bad, boolean clustered) {
    this.config = config;
    this.values = values;
    this.bad = bad;
    this.clustered = clustered;
  }

  /** All that is wrong; empty: nothing. */
  List<Problem> problems() {
    auth();
    tls();
    names();
    bounds();
    cluster();
    return problems;
  }

  private void auth() {
    var secret = config.auth().secret();
    if (!config.auth().hasKeys()
        && !config.auth().guests()
        && isFine("auth.secret", "auth.publicKey", "auth.jwks", "auth.guests")) {
      expect(
          "auth.secret",
          "not set, nor auth.publicKey, nor auth.jwks, and guests are not allowed: nobody could"
              + " come in",
          "PARLEY_AUTH_SECRET with at least 32 bytes; to try it out: -conf conf/demo.json, which"
              + " lets guests in from this machine");
    }
    if (secret != null) {
      int bytes = secret.getBytes(UTF_8).length;
      if (bytes < SECRET_BYTES) {
        expect(
            "auth.secret",
            bytes + " bytes in " + source("auth.secret"),
            "at least " + SECRET_BYTES + " bytes of UTF-8, made by chance");
      }
    }
    if (isFine("auth.publicKey")) {
      config.auth().publicKey().forEach(this::publicKey);
    }
    var jwks = config.auth().jwks();
    if (jwks != null && isFine("auth.jwks")) {
      jwks(jwks);
    }
  }

  private void publicKey(String fileOrPem) {
    try {
      PemKeys.read(List.of(fileOrPem));
    } catch (IllegalArgumentException e) {
      expect(
          "auth.publicKey",
          e.getMessage() + ", in " + source("auth.publicKey"),
          "a PEM file with PUBLIC KEY: RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519");
    }
  }

  private void jwks(String place) {
    if (!place.matches("https?://.+") && !Files.isReadable(Path.of(place))) {
      expect(
          "auth.jwks",
          "there is no file " + place + ", in " + source("auth.jwks"),
          "an https:// or http:// URL, or a file that can be read");
    }
  }

  private void tls() {
    var tls = config.http().tls();
    if (areRight("http.tls", tls.files())) {
      tried("http.tls", tls.files(), tls.files()::read);
    }
    if (!tls.isOn() && tls.redirect() != 0) {
      expect("http.tls.redirect", given("http.tls.redirect"), "0 where there is no TLS");
    } else if (tls.redirect() != 0 && tls.redirect() == config.http().port()) {
      between("http.tls.redirect", "another port than", "http.port");
    }
    clusterTls();
  }

  private void clusterTls() {
    var tls = config.cluster().tls();
    boolean right = areRight("cluster.tls", tls.files());
    if (tls.isOn() && tls.ca() == null) {
      expect(
          "cluster.tls.ca",
          "not set",
          "a PEM file with the authority that all nodes' certificates are of");
    } else if (readable("cluster.tls.ca", tls.ca()) && right) {
      tried("cluster.tls", tls.files(), tls::read);
    }
  }

  /** Whether a certificate and its key are named together, and can be read if they are named at all. */
  private boolean areRight(String section, KeyFiles files) {
    var cert = section + ".cert";
    var key = section + ".key";
    var store = section + ".store";
    boolean right = true;
    if ((files.cert() == null) != (files.key() == null)) {
      expect(
          files.cert() == null ? cert : key,
          "not set",
          "both " + cert + " and " + key + ", or none");
      right = false;
    }
    if (files.store() != null && files.cert() != null) {
      expect(store, given(store), "one of " + store + " and " + cert);
      right = false;
    }
    right &= readable(cert, files.cert());
    right &= readable(key, files.key());
    right &= readable(store, files.store());
    return right;
  }

  private boolean readable(String key, @Nullable String file) {
    if (file != null && !Files.isReadable(Path.of(file))) {
      expect(key, "there is no file " + file + ", in " + source(key), "a file that can be read");
      return false;
    }
    return true;
  }

  private void tried(String section, KeyFiles files, Runnable reading) {
    try {
      if (files.areNamed()) {
        reading.run();
      }
    } catch (IllegalArgumentException e) {
      expect(
          section + (files.store() == null ? ".cert" : ".store"),
          e.getMessage() + ", in " + files,
          "a certificate that is valid now, and the key that belongs to it");
    }
  }

  private void names() {
    filled("http.host", config.http().host(), "an address to listen on");
    filled("cluster.host", config.cluster().host(), "an address that the other nodes reach");
    filled("cluster.name", config.cluster().name(), "a name");
    each(
        "origins",
        config.origins(),
        ORIGIN,
        "https://chat.example.org, https://*.example.org or *");
    for (String proxy : config.http().proxies()) {
      if (!Network.isOne(proxy)) {
        expect(
            "http.proxies",
            proxy + " in " + source("http.proxies"),
            "an address or a network: 10.0.0.0/8, 192.0.2.7 or fd00::/8");
      }
    }
    each("cluster.members", config.cluster().members(), MEMBER, "host:port");
  }

  private void bounds() {
    var heartbeat = config.heartbeat();
    if (heartbeat.timeout().compareTo(heartbeat.interval()) <= 0) {
      between("heartbeat.timeout", "longer than", "heartbeat.interval");
    }
    int apart = config.metrics().port();
    if (apart != 0 && apart == config.http().port()) {
      between("metrics.port", "another port than", "http.port");
    }
    if (config.history().ids() < config.history().size()) {
      between("history.ids", "at least", "history.size");
    }
    for (String rule : config.history().rooms()) {
      if (KeptRule.parse(rule) == null) {
        expect("history.rooms", rule + " in " + source("history.rooms"), KeptRule.FORM);
      }
    }
    int bytes = config.limits().bytes();
    if (bytes > 0 && bytes < config.limits().frame()) {
      between("limits.bytes", "0, or at least", "limits.frame");
    }
    for (String rule : config.access().rooms()) {
      if (RoomRule.parse(rule) == null) {
        expect("access.rooms", rule + " in " + source("access.rooms"), RoomRule.FORM);
      }
    }
    if (config.limits().outbox() < config.limits().frame()) {
      between("limits.outbox", "at least", "limits.frame");
    }
  }

  private void cluster() {
    var cluster = config.cluster();
    if (!clustered && cluster.quorum() > 0 && isFine("cluster.quorum")) {
      expect("cluster.quorum", given("cluster.quorum"), "0, or a node started with -cluster");
    }
    if (!cluster.members().isEmpty() && !cluster.dns().isBlank()) {
      expect(
          "cluster.dns",
          given("cluster.dns") + " beside " + told("cluster.members"),
          "one of the two");
    }
    if (cluster.busPort() == cluster.port()) {
      between("cluster.busPort", "another port than", "cluster.port");
    }
    if (cluster.relayPort() == cluster.port()) {
      between("cluster.relayPort", "another port than", "cluster.port");
    }
    if (cluster.relayPort() != 0 && cluster.relayPort() == cluster.busPort()) {
      between("cluster.relayPort", "another port than", "cluster.busPort");
    }
  }

  private void filled(String key, String text, String expected) {
    if (text.isBlank() && isFine(key)) {
      expect(key, "empty in " + source(key), expected);
    }
  }

  private void each(String key, List<String> items, Pattern form, String expected) {
    for (String item : items) {
      if (!form.matcher(item).matches()) {
        expect(key, item + " in " + source(key), expected);
      }
    }
  }

  private void between(String key, String relation, String other) {
    if (isFine(key, other)) {
      expect(key, given(key), relation + " " + told(other));
    }
  }

  private boolean isFine(String... keys) {
    return Set.of(keys).stream().noneMatch(bad::contains);
  }

  /** {@code http.host 0.0.0.0 by default}. */
  private String told(String key) {
    return key + " " + given(key);
  }

  /** {@code 10s in PARLEY_HEARTBEAT_TIMEOUT}. */
  private String given(String key) {
    return value(key).shown() + (value(key).isSet() ? " in " + source(key) : " by default");
  }

  private String source(String key) {
    return value(key).source();
  }

  private Value value(String key) {
    return Objects.requireNonNull(values.get(key));
  }

  private void expect(String key, String wrong, String expected) {
    problems.add(Problem.expected(key, wrong, expected));
  }
}
