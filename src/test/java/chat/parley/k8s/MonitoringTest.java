package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What watches the nodes hangs together: who is scraped, what alerts, and what is told to do about it. */
class MonitoringTest {
  private static final Manifests PRODUCTION = Manifests.of("production");
  private static final Path OPERATIONS = Path.of("src", "docs", "OPERATIONS.md");

  /** The rules of all alerts. */
  static List<Map<String, Object>> alerts() {
    return Tree.maps(Tree.at(PRODUCTION.one("PrometheusRule", "parley"), "spec.groups")).stream()
        .flatMap(group -> Tree.maps(group.get("rules")).stream())
        .toList();
  }

  /** The dashboard as Grafana's sidecar finds it. */
  static JsonObject dashboard() {
    var map = PRODUCTION.one("ConfigMap", "parley-dashboard");
    assertThat(Tree.at(map, "metadata.labels")).isEqualTo(Map.of("grafana_dashboard", "1"));
    return new JsonObject((String) Tree.map(Tree.at(map, "data")).get("dashboard.json"));
  }

  static List<JsonObject> panels() {
    return dashboard().getJsonArray("panels").stream()
        .map(JsonObject.class::cast)
        .filter(panel -> !panel.getString("type").equals("row"))
        .toList();
  }

  @Test
  void prometheus_scrapes_every_node_also_those_that_are_not_ready() {
    var monitor = PRODUCTION.one("ServiceMonitor", "parley");
    var selector = Tree.map(Tree.at(monitor, "spec.selector.matchLabels"));
    var services = PRODUCTION.all("Service").stream()
        .filter(service -> Tree.map(Tree.at(service, "metadata.labels"))
            .entrySet()
            .containsAll(selector.entrySet()))
        .toList();
    assertThat(services).singleElement().satisfies(service -> {
      assertThat(Tree.at(service, "spec.publishNotReadyAddresses")).isEqualTo(true);
      assertThat(Tree.maps(Tree.at(service, "spec.ports")))
          .anyMatch(port -> Tree.at(monitor, "spec.endpoints.0.port").equals(port.get("name")));
    });
    assertThat(alerts().toString()).contains("up{job=\"parley-nodes\"}"); // that service's name
  }

  @Test
  void every_alert_says_how_bad_it_is_and_what_it_is() {
    assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
      assertThat(Tree.text(alert, "labels.severity")).isIn("critical", "warning");
      assertThat(Tree.text(alert, "annotations.summary")).isNotEmpty();
      assertThat(Tree.text(alert, "for")).matches("\\d+[sm]");
    });
  }

  @Test
  void for_every_alert_the_operations_manual_says_what_to_do() throws IOException {
    var headings = Pattern.compile("^### (Parley\\w+)$", Pattern.MULTILINE)
        .matcher(Files.readString(OPERATIONS))
        .results()
        .map(found -> found.group(1))
        .toList();

    assertThat(headings)
        .containsExactlyElementsOf(
            alerts().stream().map(alert -> Tree.text(alert, "alert")).toList());
  }

  @Test
  void panels_have_names_and_places_of_their_own() {
    assertThat(panels()).extracting(panel -> panel.getInteger("id")).doesNotHaveDuplicates();
    assertThat(panels()).extracting(panel -> panel.getString("title")).doesNotHaveDuplicates();
    assertThat(panels())
        .extracting(panel -> panel.getJsonObject("gridPos").encode())
        .doesNotHaveDuplicates();
    assertThat(panels())
        .allSatisfy(panel -> assertThat(panel.getJsonArray("targets")).isNotEmpty());
  }
}
