package chat.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every attack in SECURITY.md names a test that is there. */
class SecurityDocumentTest {
  private static final Path DOCUMENT = Path.of("src/docs/SECURITY.md");
  private static final Path TESTS = Path.of("src/test/java/chat/parley");
  private static final Pattern TEST =
      Pattern.compile("`([a-z]+\\.)?(\\w+(?:IT|Test))(?:#(\\w+))?`");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .filter(line -> line.startsWith("| "))
        .filter(line -> !line.startsWith("| attack"))
        .toList();
  }

  @Test
  void every_attack_has_a_test() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(20).allSatisfy(row -> {
      var cells = row.split("\\|");
      assertThat(cells).as(row).hasSize(4);
      assertThat(TEST.matcher(cells[3]).find()).as(row).isTrue();
    });
  }

  @Test
  void every_test_that_is_named_exists() throws IOException {
    for (var row : rows()) {
      for (var found : TEST.matcher(row).results().toList()) {
        assertThat(Files.readString(file(found))).as(row).contains(method(found));
      }
    }
  }

  private static Path file(MatchResult found) {
    var folder = found.group(1) == null ? "" : found.group(1).replace('.', '/');
    var file = TESTS.resolve(folder + found.group(2) + ".java");
    assertThat(file).exists();
    return file;
  }

  private static String method(MatchResult found) {
    return found.group(3) == null ? "@Test" : " " + found.group(3) + "(";
  }
}
