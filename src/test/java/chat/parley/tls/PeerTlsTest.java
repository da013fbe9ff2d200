package chat.parley.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.testing.Authority;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTlsTest {
  private final Authority authority = new Authority();

  @TempDir
  Path directory;

  private Path cert;
  private Path key;
  private Path ca;

  @BeforeEach
  void issue() {
    cert = directory.resolve("cert.pem");
    key = directory.resolve("key.pem");
    ca = directory.resolve("ca.pem");
    authority.issue(cert, key);
    authority.write(ca);
  }

  private PeerTls read() {
    return PeerTls.read(new KeyFiles(cert.toString(), key.toString(), null, null), ca.toString());
  }

  private void refused(String why) {
    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void either_end_has_to_show_a_certificate_and_is_checked() {
    var bus = read().turnOn(new EventBusOptions());
    assertThat(bus.isSsl()).isTrue();
    assertThat(bus.isTrustAll()).isFalse();
    assertThat(bus.getClientAuth()).isEqualTo(ClientAuth.REQUIRED);
    assertThat(bus.getEnabledSecureTransportProtocols())
        .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
  }

  @Test
  void an_authority_that_takes_the_place_of_another_may_stand_beside_it() throws IOException {
    new Authority().write(ca);
    Files.writeString(ca, Files.readString(ca) + authority.pem());
    assertThat(read()).isNotNull();
  }

  @Test
  void a_certificate_of_another_authority_is_refused() {
    new Authority().write(ca);
    refused("the other nodes would not take the certificate");
  }

  @Test
  void a_key_of_another_certificate_is_refused() {
    authority.issue(directory.resolve("other.pem"), key);
    refused("the key does not belong to the certificate");
  }

  @Test
  void a_certificate_that_is_not_yet_good_is_refused() {
    authority.issue(cert, key, Instant.now().plus(Duration.ofHours(1)));
    refused("NotBefore");
  }

  @Test
  void a_store_is_as_good_if_its_password_is_right() {
    var store = directory.resolve("store.p12").toString();
    authority.issue(Path.of(store), "changeit");
    assertThat(PeerTls.read(new KeyFiles(null, null, store, "changeit"), ca.toString()))
        .isNotNull();
    assertThatThrownBy(() -> new KeyFiles(null, null, store, "wrong").read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password");
  }

  @Test
  void files_that_hold_something_else_are_refused() throws IOException {
    Files.writeString(ca, "nonsense");
    refused("ca.pem");
    Files.delete(ca);
    refused("there is no file " + ca);
    Files.writeString(cert, "nonsense");
    refused("CERTIFICATE");
  }
}
