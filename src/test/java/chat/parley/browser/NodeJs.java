package chat.parley.browser;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/** The Node.js that this machine has, or not. Pure. */
final class NodeJs {
  private NodeJs() {}

  /** Skips the test where there is none and says why; with {@code CI=true} it fails. */
  static void assumeThere() throws InterruptedException {
    Assumptions.assumeTrue(there(), "skipped: there is no node here");
  }

  private static boolean there() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError("there is no node to run the client's tests", missing);
      }
      System.out.println("Tests of the browser client skipped: there is no node");
      return false;
    }
  }
}
