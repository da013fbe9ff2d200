package chat.parley.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final Map<String, String> NONE = Map.of();

  @Test
  void a_secret_is_enough_and_guests_stay_out() {
    var config =
        ConfigLoader.load(null, Map.of("PARLEY_AUTH_SECRET", SECRET), false).config();

    assertThat(config.auth().guests()).isFalse();
    assertThat(config.http().host()).isEqualTo("0.0.0.0");
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.history().age()).isEqualTo(Duration.ofHours(24));
    assertThat(config.origins()).isEmpty();
  }

  @Test
  void a_node_that_nobody_told_who_may_come_in_is_refused_wherever_it_listens() {
    for (var environment : List.of(
        NONE, Map.of("PARLEY_HTTP_HOST", "127.0.0.1"), Map.of("PARLEY_AUTH_GUESTS", "false"))) {
      var refused = catchThrowableOfType(
          ConfigException.class, () -> ConfigLoader.load(null, environment, false));
      assertThat(refused.problems().toString())
          .startsWith("[auth.secret: not set, nor auth.publicKey, nor auth.jwks")
          .contains("conf/demo.json");
    }
  }

  @Test
  void the_demo_says_that_guests_may_come_in_from_this_machine() {
    var config = ConfigLoader.load("conf/demo.json", NONE, false).config();

    assertThat(config.auth().guests()).isTrue();
    assertThat(config.auth().secret()).isNull();
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARLEY_AUTH_PUBLIC_KEY | no/such.pem | there is no file no/such.pem, in PARLEY_AUTH_PUBLIC_KEY",
        "PARLEY_AUTH_PUBLIC_KEY | pom.xml     | no PEM: it has to hold -----BEGIN PUBLIC KEY-----",
        "PARLEY_AUTH_PUBLIC_KEY | -----BEGIN PRIVATE KEY-----MC4=-----END PRIVATE KEY----- | a private key: a node needs only the public one",
        "PARLEY_AUTH_JWKS       | no/such.json | there is no file no/such.json, in PARLEY_AUTH_JWKS",
      })
  void a_key_that_cannot_be_read_is_told(String variable, String value, String problem) {
    assertThat(problems(null, Map.of(variable, value)))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void the_environment_is_over_the_file_and_the_file_over_the_defaults() {
    var config = ConfigLoader.load(
            "{\"auth\": {\"guests\": true}, \"http\": {\"port\": 1, \"host\": \"h\"}}",
            Map.of("PARLEY_HTTP_PORT", "2", "PATH", "/bin"),
            false)
        .config();

    assertThat(config.http().host()).isEqualTo("h");
    assertThat(config.http().port()).isEqualTo(2);
    assertThat(config.limits().rate()).isEqualTo(100);
  }

  @Test
  void camel_case_becomes_an_underscore_in_the_variable() {
    var config = load(
        null, Map.of("PARLEY_CLUSTER_BUS_PORT", "7000", "PARLEY_LIMITS_BAD_FRAMES", "3"), true);

    assertThat(config.cluster().busPort()).isEqualTo(7000);
    assertThat(config.limits().badFrames()).isEqualTo(3);
  }

  @Test
  void a_list_is_an_array_in_the_file_and_commas_in_a_variable() {
    var file = "{\"cluster\": {\"members\": [\"a:1\", \"[::1]:2\"]}}";
    assertThat(load(file, NONE, true).cluster().members()).containsExactly("a:1", "[::1]:2");
    assertThat(load(null, Map.of("PARLEY_CLUSTER_MEMBERS", "a:1, b:2,"), true)
            .cluster()
            .members())
        .containsExactly("a:1", "b:2");
  }

  @Test
  void everything_wrong_is_told_at_once_with_key_source_and_what_is_right(@TempDir Path dir)
      throws Exception {
    var file = dir.resolve("node.json");
    Files.writeString(file, "{\"http\": {\"prt\": 1, \"port\": 70000}, \"limits\": 3}");

    var found = problems(
        file.toString(),
        Map.of("PARLEY_LIMITS_RATE", "-1", "PARLEY_LIMT_FRAME", "1", "PARLEY_LOG_FORMAT", "x"));

    assertThat(found)
        .containsExactlyInAnyOrder(
            "http.prt: no such key, in " + file + " (did you mean http.port?)",
            "http.port: 70000 in " + file + " (expected: 0–65,535)",
            "limits: not an object, in " + file + " (expected: an object with its keys)",
            "PARLEY_LIMT_FRAME: no such key (did you mean PARLEY_LIMITS_FRAME?)",
            "limits.rate: -1 in PARLEY_LIMITS_RATE (expected: 0–1,000,000 messages per second; 0 = unlimited)",
            "log.format: x in PARLEY_LOG_FORMAT (expected: text, json)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARLEY_HEARTBEAT_TIMEOUT | 30s  | heartbeat.timeout: 30s in PARLEY_HEARTBEAT_TIMEOUT (expected: longer than heartbeat.interval 30s by default)",
        "PARLEY_HISTORY_IDS       | 999  | history.ids: 999 in PARLEY_HISTORY_IDS (expected: at least history.size 1000 by default)",
        "PARLEY_LIMITS_OUTBOX     | 20000| limits.outbox: 20000 in PARLEY_LIMITS_OUTBOX (expected: at least limits.frame 65536 by default)",
        "PARLEY_CLUSTER_QUORUM    | 2    | cluster.quorum: 2 in PARLEY_CLUSTER_QUORUM (expected: 0, or a node started with -cluster)",
        "PARLEY_CLUSTER_BUS_PORT  | 5701 | cluster.busPort: 5701 in PARLEY_CLUSTER_BUS_PORT (expected: another port than cluster.port 5701 by default)",
        "PARLEY_CLUSTER_NAME      | ' '  | cluster.name: empty in PARLEY_CLUSTER_NAME (expected: a name)",
        "PARLEY_ORIGINS           | https://a.b/c | origins: https://a.b/c in PARLEY_ORIGINS (expected: https://chat.example.org, https://*.example.org or *)",
      })
  void keys_that_do_not_fit_each_other_are_refused(String variable, String value, String problem) {
    assertThat(problems(null, Map.of(variable, value))).containsExactly(problem);
  }

  @Test
  void a_key_that_could_not_be_read_is_told_once() {
    assertThat(problems(null, Map.of("PARLEY_HEARTBEAT_TIMEOUT", "soon"))).hasSize(1);
  }

  @Test
  void members_come_from_a_list_or_from_a_name_but_not_both() {
    var both = Map.of("PARLEY_CLUSTER_MEMBERS", "a:1", "PARLEY_CLUSTER_DNS", "parley-nodes");
    assertThat(problems(null, both))
        .singleElement()
        .asString()
        .startsWith("cluster.dns: parley-nodes in PARLEY_CLUSTER_DNS beside");
  }

  @Test
  void a_weak_secret_is_refused_and_never_shown() {
    assertThat(problems(null, Map.of("PARLEY_AUTH_SECRET", "hunter2")))
        .containsExactly(
            "auth.secret: 7 bytes in PARLEY_AUTH_SECRET (expected: at least 32 bytes of UTF-8, made by chance)");
    assertThat(
            problems("{\"auth\": {\"secret\": 4711, \"guests\": true}}", NONE).toString())
        .doesNotContain("4711");
    assertThat(problems("{\"auth\": {\"secret\": hunter2}}", NONE).toString())
        .contains("not JSON at line 1, column")
        .doesNotContain("hunter2");
  }

  @Test
  void a_secret_is_masked_in_the_table_and_in_the_record() {
    var loaded = ConfigLoader.load(null, Map.of("PARLEY_AUTH_SECRET", SECRET), false);

    assertThat(loaded.table())
        .doesNotContain(SECRET)
        .containsPattern("auth.secret +\\*\\*\\*\\* +PARLEY_AUTH_SECRET\n")
        .containsPattern("http.port +8080 +default\n");
    assertThat(loaded.config().toString()).doesNotContain(SECRET);
  }

  @Test
  void a_file_that_is_not_there_is_a_reason_not_to_start() {
    assertThat(problems("no/such.json", NONE))
        .singleElement()
        .asString()
        .startsWith("-conf: there is no file no/such.json");
  }

  @Test
  void a_file_that_cannot_be_read_does_not_hide_what_else_is_wrong() {
    assertThat(problems("no/such.json", Map.of("PARLEY_HTTP_PORT", "x"))).hasSize(2);
  }

  @Test
  void what_kubernetes_sets_for_a_service_named_parley_is_no_mistake() {
    var links = Map.of(
        "PARLEY_SERVICE_HOST", "10.0.0.1",
        "PARLEY_SERVICE_PORT", "80",
        "PARLEY_SERVICE_PORT_HTTP", "80",
        "PARLEY_PORT", "tcp://10.0.0.1:80",
        "PARLEY_PORT_80_TCP", "tcp://10.0.0.1:80",
        "PARLEY_PORT_80_TCP_ADDR", "10.0.0.1",
        "PARLEY_MEMBERS_PORT_5701_TCP_PORT", "5701");
    assertThat(load(null, links, false).http().port()).isEqualTo(8080);
    assertThat(problems(null, Map.of("PARLEY_HTP_PORT", "80"))).hasSize(1);
  }

  @Test
  void an_embedding_program_gives_json_and_the_environment_is_not_looked_at() {
    var config =
        ConfigLoader.of(new JsonObject("{\"auth\": {\"guests\": true}, \"http\": {\"port\": 0}}"));
    assertThat(config.http().port()).isZero();
    var built = new JsonObject()
        .put("auth", new JsonObject().put("guests", true))
        .put("http", new JsonObject().put("port", 1));
    assertThat(ConfigLoader.of(built).http().port()).isEqualTo(1);
    assertThatThrownBy(() -> ConfigLoader.of(new JsonObject("{\"x\": 0}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("x: no such key, in the configuration");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf/demo.json", "conf/parley.json"})
  void the_examples_are_right(String file) {
    assertThat(load(file, NONE, true).http().port()).isEqualTo(8080);
  }

  /** The environment, in which somebody may come in. */
  private static Map<String, String> admitting(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.putIfAbsent("PARLEY_AUTH_GUESTS", "true");
    return all;
  }

  private static Config load(
      @Nullable String conf, Map<String, String> environment, boolean clustered) {
    return ConfigLoader.load(conf, admitting(environment), clustered).config();
  }

  private static List<String> problems(@Nullable String conf, Map<String, String> environment) {
    var refused = catchThrowableOfType(ConfigException.class, () -> load(conf, environment, false));
    assertThat(refused).isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }
}
