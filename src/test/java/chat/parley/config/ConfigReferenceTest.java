package chat.parley.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** CONFIG.md is made of the records; {@code -Dgolden.update=true} writes it anew. */
class ConfigReferenceTest {
  private static final Path FILE = Path.of("src/docs/CONFIG.md");

  @Test
  void the_reference_says_what_the_records_say() throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, reference());
    }
    assertThat(FILE).content().isEqualTo(reference());
  }

  private static String reference() {
    return """
        # Configuration

        Made from the settings' own words by `mvn test -Dtest=ConfigReferenceTest -Dgolden.update=true`; don't edit it by hand.

        A value comes from the environment, else from the file that `-conf` names (JSON, nested objects:
        `{"http": {"port": 8080}}`; the JSON itself may stand there too), else it is the default. An unknown key, an unknown
        `PARLEY_` variable or a bad value keeps the node from starting: it lists all of them and exits with 2.
        `--check-config` looks and ends; `--print-config` prints each key, its value and where that came from, secrets masked.

        Durations are written `500ms`, `30s`, `5m`, `24h`, `7d`; a bare number is seconds. A list is an array in the file and
        `a,b` in a variable.

        Something has to say who may come in: `auth.secret`, `auth.publicKey`, `auth.jwks`, or `auth.guests`. A node that nobody told refuses
        to start. To try it out, `conf/demo.json` lets guests in and listens on 127.0.0.1 alone.

        | key | variable | default | meaning |
        |---|---|---|---|
        %s

        Kubernetes sets variables such as `PARLEY_PORT` in each pod for a service called `parley`; they are not heeded. A service must
        not be called `parley-http`: its `PARLEY_HTTP_PORT` would be taken for the key (or set `enableServiceLinks: false`).
        """.formatted(
            Keys.of(Config.class).stream().map(ConfigReferenceTest::row).collect(joining("\n")));
  }

  private static String row(Key key) {
    var setting = key.setting();
    String byDefault = setting.byDefault().isEmpty() ? "" : "`" + setting.byDefault() + "`";
    return "| `%s` | `%s` | %s | %s%s |"
        .formatted(key.name(), key.variable(), byDefault, setting.value(), range(key));
  }

  private static String range(Key key) {
    String min = key.setting().min();
    String max = key.setting().max();
    return min.isEmpty() && max.isEmpty() ? "" : " (" + min + "–" + max + ")";
  }
}
