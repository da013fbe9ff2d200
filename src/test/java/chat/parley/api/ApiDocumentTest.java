package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document for people and the form for tools know the same requests, and they are those that are served. */
class ApiDocumentTest {
  private static final Path DOCS = Path.of("src", "docs");
  private static final Pattern ROUTE =
      Pattern.compile("\\.(get|post|put|delete)\\(\"/api/v1(/[^\"]*)\"\\)");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(GET|POST|PUT|DELETE) ([a-z{}/]+)", Pattern.MULTILINE);

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }

  private static Set<String> served() throws IOException {
    var found = new TreeSet<String>();
    try (var sources = Files.list(Path.of("src/main/java/chat/parley/api"))) {
      for (var source : sources.toList()) {
        ROUTE
            .matcher(read(source))
            .results()
            .forEach(route ->
                found.add(route.group(1) + " " + route.group(2).replaceAll(":(\\w+)", "{$1}")));
      }
    }
    return found;
  }

  @Test
  void every_request_is_told_to_people() throws IOException {
    var told = new TreeSet<String>();
    ROW.matcher(read(DOCS.resolve("API.md")))
        .results()
        .forEach(
            row -> told.add(row.group(1).toLowerCase(java.util.Locale.ROOT) + " /" + row.group(2)));

    assertThat(told).isEqualTo(served()).hasSize(11);
  }

  @Test
  void every_request_is_told_to_tools() throws IOException {
    var told = new TreeSet<String>();
    var path = "";
    for (var line : read(DOCS.resolve("openapi.yaml")).lines().toList()) {
      if (line.matches("  /.*:")) {
        path = line.strip().replace(":", "");
      } else if (line.matches("    (get|post|put|delete):")) {
        told.add(line.strip().replace(":", "") + " " + path);
      }
    }

    assertThat(told).isEqualTo(served());
  }

  @Test
  void every_reference_leads_somewhere() throws IOException {
    var openapi = read(DOCS.resolve("openapi.yaml"));
    Pattern.compile("#/components/\\w+/(\\w+)")
        .matcher(openapi)
        .results()
        .forEach(to -> assertThat(openapi).contains("\n    " + to.group(1) + ":"));
  }
}
