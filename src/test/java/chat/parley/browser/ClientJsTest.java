package chat.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Element;

/**
 * The tests of the browser client, {@code src/test/js}, run by Node on the files that are served: in a build the minified module. Each
 * of them is a test here.
 */
class ClientJsTest {
  private static final Path TESTS = Path.of("src", "test", "js");
  private static final Path OUTPUT = Path.of("target", "client-js");

  @TestFactory
  @Timeout(120)
  Stream<DynamicNode> the_browser_client() throws Exception {
    NodeJs.assumeThere();
    Files.createDirectories(OUTPUT);
    var report = OUTPUT.resolve("report.xml");
    var log = OUTPUT.resolve("node.log");
    var exit = run(report, log);
    var suites = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(report.toFile())
        .getDocumentElement();
    var all = nodes(suites).toList();
    assertThat(all).as("tests in %s, see %s", TESTS, log).isNotEmpty();
    // A file that can't be loaded, for one, is no failed test of any suite.
    var whole = DynamicTest.dynamicTest(
        "node ends well",
        () -> assertThat(exit)
            .as("exit code of node; its last words: %s", Files.readString(log))
            .isZero());
    return Stream.concat(all.stream(), Stream.of(whole));
  }

  private static int run(Path report, Path log) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("node", "--test", "--test-reporter=junit"));
    command.add("--test-reporter-destination=" + report);
    command.addAll(testFiles());
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("PARLEY_WEBROOT", Webroot.url().toString());
    var figures = OUTPUT.resolve("figures.txt");
    Files.deleteIfExists(figures);
    builder.environment().put("PARLEY_FIGURES", figures.toAbsolutePath().toString());
    var process = builder.start();
    try {
      if (!process.waitFor(100, TimeUnit.SECONDS)) {
        return fail("node hangs: " + log);
      }
      if (Files.exists(figures)) {
        System.out.println(Files.readString(figures));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> testFiles() throws IOException {
    try (var files = Files.list(TESTS)) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".test.mjs"))
          .sorted()
          .toList();
    }
  }

  private static Stream<DynamicNode> nodes(Element parent) {
    return children(parent).flatMap(child -> switch (child.getTagName()) {
      case "testsuite" ->
        Stream.of(DynamicContainer.dynamicContainer(child.getAttribute("name"), nodes(child)));
      case "testcase" ->
        Stream.of(DynamicTest.dynamicTest(child.getAttribute("name"), () -> judge(child)));
      default -> Stream.of();
    });
  }

  private static void judge(Element test) {
    children(test).forEach(verdict -> {
      if (verdict.getTagName().equals("skipped")) {
        Assumptions.abort(verdict.getAttribute("message"));
      }
      fail(verdict.getTextContent());
    });
  }

  private static Stream<Element> children(Element parent) {
    var nodes = parent.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }
}
