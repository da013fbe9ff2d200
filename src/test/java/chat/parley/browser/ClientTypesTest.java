package chat.parley.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code parley.d.ts} says of the client, as the TypeScript compiler sees it in the examples. */
class ClientTypesTest {
  @Test
  @Timeout(120)
  void the_examples_pass_the_strict_compiler() throws IOException, InterruptedException {
    NodeJs.assumeThere();
    var folder = Examples.install("types", "typescript");
    var compiler = new ProcessBuilder("node", "node_modules/typescript/lib/tsc.js", "-p", ".")
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .start();
    var said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    assertThat(compiler.waitFor()).as(said).isZero();
    System.out.println("tsc --strict: src/examples and parley.d.ts pass");
  }
}
