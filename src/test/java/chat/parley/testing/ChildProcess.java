package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that a test started, ended with the test or at the latest with this JVM. Thread-safe: the process is the operating
 * system's.
 */
final class ChildProcess {
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final Path log;
  private volatile boolean asked;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts the command with these variables added to the environment, all it prints appended to {@code log}. */
  static ChildProcess start(List<String> command, Map<String, String> environment, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      var process = builder.start();
      ALIVE.add(process);
      process.onExit().thenRun(() -> ALIVE.remove(process)).exceptionally(e -> null);
      return new ChildProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + command, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  Path log() {
    return log;
  }

  /** Sends a signal by name, such as {@code TERM}. */
  void signal(String name) {
    if (!process.isAlive()) {
      return;
    }
    asked |= name.equals("TERM");
    try {
      Shell.run("kill", "-" + name, Long.toString(process.pid()));
    } catch (IllegalStateException failed) {
      // It may have ended meanwhile, which the JVM learns a moment later than the kernel.
      if (exitCode(Duration.ofSeconds(1)) < 0) {
        throw failed;
      }
    }
  }

  /** Waits for the end; its code, 128 + the signal if one ended it. */
  int exitCode(Duration limit) {
    try {
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError(process.pid() + " did not end within " + limit + "\n" + tail());
  }

  /** Asks it to end, and makes it if it does not; then that is an {@link AssertionError}. */
  void end() {
    if (!process.isAlive()) {
      return;
    }
    signal("CONT");
    if (!asked) {
      signal("TERM"); // a second one would not be waited for
    }
    try {
      exitCode(PATIENCE);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * What it logged: each entry with the lines that belong to it, such as a stack trace.
   *
   * @param begins found in the first line of an entry
   */
  List<String> entries(Pattern begins) {
    try (Stream<String> lines = Files.lines(log)) {
      var entries = new ArrayList<StringBuilder>();
      lines.forEach(line -> {
        if (entries.isEmpty() || begins.matcher(line).find()) {
          entries.add(new StringBuilder(line));
        } else {
          entries.getLast().append('\n').append(line);
        }
      });
      return entries.stream().map(StringBuilder::toString).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines it printed, for reports. */
  String tail() {
    try (Stream<String> lines = Files.lines(log)) {
      var all = lines.toList();
      return log + ":\n" + String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
    } catch (IOException e) {
      return log + " can't be read: " + e;
    }
  }
}
