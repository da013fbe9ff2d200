package chat.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.testing.Authority;
import chat.parley.testing.Await;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.PlaywrightException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo page over TLS, in a browser that trusts the test's own authority and nobody's word else. */
@Timeout(120)
class SafeBrowserIT {
  @TempDir
  Path home;

  private final Authority authority = new Authority();
  private int issued;

  @Test
  void tabs_talk_over_tls_and_go_on_while_the_certificate_is_changed() {
    var first = issue(authority);
    var tls = JsonObject.of("cert", cert(), "key", key(), "reload", "1s");
    var settings =
        JsonObject.of("http", JsonObject.of("tls", tls), "auth", JsonObject.of("guests", true));
    try (var chromium = trusting();
        var node = TestNode.alone(settings)) {
      var ann = tab(chromium, node).enter("Ann").join("safe");
      assertThat(begin(ann)).isEqualTo(first);
      ann.say("with the first certificate");

      var second = issue(authority);
      Await.until("a new connection gets the new certificate", Await.SOON, () -> {
        try (var look = tab(chromium, node)) {
          return begin(look).equals(second);
        }
      });
      var bob = tab(chromium, node).enter("Bob").join("safe");
      bob.say("with the second");
      ann.awaitMessages("with the first certificate", "with the second");
      assertThat(ann.surprises()).isEmpty();

      issue(new Authority());
      Await.until(
          "an authority that is not trusted is refused", Await.SOON, () -> refused(chromium, node));
    }
  }

  private Chromium trusting() {
    authority.trustedAt(home);
    return Chromium.launchAt(home);
  }

  private String cert() {
    return home.resolve("cert.pem").toString();
  }

  private String key() {
    return home.resolve("key.pem").toString();
  }

  /** Puts a new certificate in place; when it begins tells it from others. */
  private Double issue(Authority by) {
    issued++;
    var begins = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofMinutes(issued));
    by.issue(Path.of(cert()), Path.of(key()), begins);
    return (double) begins.getEpochSecond();
  }

  private static URI address(TestNode node) {
    return URI.create("https://localhost:" + node.http().getPort());
  }

  private static Tab tab(Chromium chromium, TestNode node) {
    return Tab.open(chromium, new NewContextOptions(), address(node));
  }

  private static Double begin(Tab tab) {
    var details = tab.page().reload().securityDetails();
    assertThat(details.protocol).isEqualTo("TLS 1.3");
    return details.validFrom;
  }

  private static boolean refused(Chromium chromium, TestNode node) {
    try (var look = tab(chromium, node)) {
      return false;
    } catch (PlaywrightException e) {
      return String.valueOf(e.getMessage()).contains("ERR_CERT_AUTHORITY_INVALID");
    }
  }
}
