package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short commands of the operating system. Thread-safe: no state. */
public final class Shell {
  private Shell() {}

  /** What a command did. Immutable. */
  public record Result(int code, String output) {}

  /** Runs a command that has to work; what it printed. */
  public static String run(String... command) {
    var result = attempt(command);
    if (result.code() != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + ": exit " + result.code() + ", " + result.output());
    }
    return result.output();
  }

  /** Runs a command that may fail. */
  public static Result attempt(String... command) {
    try {
      var process =
          new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
    }
  }
}
