package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LauncherTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(strings = {"-check-config", "--check-config", "--CHECK-CONFIG"})
  void a_right_configuration_is_ok_and_starts_nothing(String option) {
    assertThat(launch(Map.of(), option, "-conf", "{\"auth\": {\"guests\": true}}"))
        .isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("ok" + System.lineSeparator());
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--check-config", "--print-config", "-cluster"})
  void a_wrong_configuration_lists_its_problems_and_exits_with_2(String option) {
    var environment = Map.of("PARLEY_HTTP_PORT", "x", "PARLEY_LIMITS_RATE", "-1");
    assertThat(launch(environment, option)).isEqualTo(2);
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8))
        .contains("http.port: x in PARLEY_HTTP_PORT", "limits.rate: -1 in PARLEY_LIMITS_RATE")
        .doesNotContain("\tat ");
  }

  @Test
  void the_values_are_printed_with_their_sources_and_without_secrets() {
    var environment = Map.of("PARLEY_AUTH_SECRET", "s".repeat(32));
    assertThat(launch(environment, "--print-config", "--conf=conf/parley.json")).isZero();
    assertThat(out.toString(UTF_8))
        .containsPattern("http.port +8080 +conf/parley.json")
        .containsPattern("auth.secret +\\*{4} +PARLEY_AUTH_SECRET")
        .containsPattern("limits.badFrames +20 +default")
        .doesNotContain("sss");
  }

  @Test
  void a_quorum_is_right_with_a_cluster_and_wrong_without() {
    var environment = Map.of("PARLEY_CLUSTER_QUORUM", "2", "PARLEY_AUTH_GUESTS", "true");
    assertThat(launch(environment, "--check-config", "-cluster")).isZero();
    assertThat(launch(environment, "--check-config", "-c")).isZero();
    assertThat(launch(environment, "--check-config")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-options", "--vertx-options", "-deployment-options", "-conf"})
  void an_option_file_that_is_not_there_is_refused_rather_than_forgotten(String option) {
    assertThat(launch(Map.of(), "--check-config", option, "no/such.json")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("there is no file no/such.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "-help", "--help"})
  void help_shows_the_launchers_options_and_ours(String option) {
    assertThat(launch(Map.of(), option)).isZero();
    assertThat(out.toString(UTF_8))
        .contains("-cluster-host", "-instances", "-conf", "--print-config", "--check-config");
  }

  @Test
  void an_unknown_option_is_a_mistake_of_usage() {
    assertThat(launch(Map.of(), "--bogus")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("Unknown option: '--bogus'").contains("Usage:");
  }

  @Test
  void the_version_names_ours_and_the_parts() {
    assertThat(launch(Map.of(), "--version")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("Parley ").contains("Vert.x 5");
  }

  @Test
  void a_port_in_use_ends_the_start_with_the_launchers_code() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var environment = Map.of(
          "PARLEY_HTTP_PORT", String.valueOf(taken.getLocalPort()),
          "PARLEY_HTTP_HOST", "127.0.0.1",
          "PARLEY_AUTH_GUESTS", "true");
      assertThat(launch(environment)).isEqualTo(15);
    }
  }

  @Test
  void a_failure_is_told_in_a_sentence() {
    var config = ConfigLoader.load("conf/demo.json", Map.of(), false).config();
    var bind =
        new java.net.BindException("bind(..) failed with error(-98): Address already in use");
    assertThat(StartFailure.ofNode(new RuntimeException(bind), config))
        .startsWith(
            "Parley could not start: 127.0.0.1:8080 can't be listened on: Address already in use.");
    assertThat(StartFailure.ofVertx(bind, config)).contains("cluster.port 5701");
    assertThat(StartFailure.ofNode(new IllegalStateException(), config))
        .isEqualTo("Parley could not start: IllegalStateException.");
    assertThat(StartFailure.ofVertx(null, config)).contains("two minutes");
  }

  @Test
  void the_banner_tells_where_who_and_with_whom() {
    var alone = ConfigLoader.load("conf/demo.json", Map.of(), false);
    assertThat(Banner.text(alone, 1234, 0))
        .contains("http://localhost:1234", "may come in", "on its own");
    var environment = Map.of("PARLEY_AUTH_SECRET", "s".repeat(32), "PARLEY_HTTP_HOST", "::1");
    var node = ConfigLoader.load(null, environment, true);
    assertThat(Banner.text(node, 80, 3))
        .contains("http://[::1]:80", "a token is needed", "parley, 3 nodes")
        .doesNotContain("sss");
  }

  private int launch(Map<String, String> environment, String... args) {
    return new Launcher(
            args, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
        .launch();
  }
}
