package chat.parley.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real Prometheus that scrapes nodes once a second. Thread-safe: the process is the operating system's. */
public final class Prometheus implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final ChildProcess process;
  private final URI address;

  private Prometheus(ChildProcess process, int port) {
    this.process = process;
    this.address = URI.create("http://127.0.0.1:" + port + "/");
  }

  /** Skips the test where there is none, and says so; with {@code CI=true} the test fails. */
  public static void assumeInstalled() {
    Program.assumeInstalled("prometheus", "prometheus");
    Program.assumeInstalled("promtool", "prometheus");
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param job what the targets are called together
   * @param rules a rule file's content
   */
  public static Prometheus start(String test, String job, List<URI> targets, String rules) {
    int port = FreePorts.one();
    var directory = Path.of("target", "prometheus", test + "-" + port).toAbsolutePath();
    write(directory.resolve("rules.yaml"), rules);
    var hosts =
        targets.stream().map(URI::getAuthority).collect(Collectors.joining("', '", "'", "'"));
    var file = write(directory.resolve("prometheus.yaml"), """
        global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
        rule_files: [rules.yaml]
        scrape_configs:
          - job_name: %s
            static_configs: [{ targets: [%s] }]
        """.formatted(job, hosts));
    var command = List.of(
        Program.path("prometheus"),
        "--config.file=" + file,
        "--storage.tsdb.path=" + directory.resolve("data"),
        "--web.listen-address=127.0.0.1:" + port,
        "--log.level=warn");
    var log = Path.of("target", "logs", test, "prometheus-" + port + ".log");
    var started = new Prometheus(ChildProcess.start(command, Map.of(), log), port);
    Await.until("Prometheus to be ready", START, started::ready);
    return started;
  }

  /** What {@code promtool check rules} says of a rule file; an error is an {@link AssertionError}. */
  public static String checkRules(String test, String rules) {
    var file = write(Path.of("target", "prometheus", test, "checked.yaml").toAbsolutePath(), rules);
    var checked = Shell.attempt(Program.path("promtool"), "check", "rules", file.toString());
    if (checked.code() != 0) {
      throw new AssertionError(checked.output());
    }
    return checked.output();
  }

  private static Path write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean ready() {
    if (!process.alive()) {
      throw new AssertionError("Prometheus ended\n" + process.tail());
    }
    try {
      return get("-/ready").statusCode() == 200;
    } catch (UncheckedIOException refused) {
      return false;
    }
  }

  /** What an expression comes to now: a sample for each series. An error in it is an {@link AssertionError}. */
  public List<Double> query(String expression) {
    var encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    var answer = get("api/v1/query?query=" + encoded);
    if (answer.statusCode() != 200) {
      throw new AssertionError(expression + ": " + answer.body());
    }
    return objects(data(answer).getJsonArray("result")).stream()
        .map(series -> Double.valueOf(number(series.getJsonArray("value").getString(1))))
        .toList();
  }

  private static String number(String value) {
    return value.replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
  }

  /** The rules as they were evaluated last, each with its {@code health}, {@code lastError} and {@code state}. */
  public List<JsonObject> rules() {
    return objects(data(get("api/v1/rules")).getJsonArray("groups")).stream()
        .flatMap(group -> objects(group.getJsonArray("rules")).stream())
        .toList();
  }

  private static JsonObject data(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("data");
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private HttpResponse<String> get(String path) {
    var request = HttpRequest.newBuilder(address.resolve(path))
        .timeout(Duration.ofSeconds(10))
        .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.end();
  }
}
