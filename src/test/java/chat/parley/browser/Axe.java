package chat.parley.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Looks at a page with axe-core's rules: what keeps people from using it who can't see, or hear, or hold a mouse. Pure. */
final class Axe {
  private static final String SCRIPT = script();

  private Axe() {}

  /** What violates a rule, one line each; {@code where} says which page it was. */
  static List<String> violations(Page page, String where) {
    page.evaluate(SCRIPT);
    var found = page.evaluate("""
        async where => {
          const { violations, passes } = await axe.run()
          if (!passes.length) return [`axe on ${where}: checked nothing`]
          return violations.flatMap(({ id, help, nodes }) =>
            nodes.map(node => `axe on ${where}: ${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
        }""", where);
    return ((List<?>) found).stream().map(Object::toString).toList();
  }

  private static String script() {
    try (var in = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(in, "axe.min.js").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
