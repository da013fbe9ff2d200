package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node as its operator runs it: {@code java -jar parley.jar} in a process of its own, its output in
 * {@code target/logs/<test>/<node>.log}. Closing it fails the test if an error that was not expected is in there.
 * Thread-safe: the process is the operating system's.
 */
public final class NodeProcess implements ChatNode {
  private static final int SHOWN = 4;
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Pattern ENTRY =
      Pattern.compile("^\\d\\d:\\d\\d:\\d\\d|^\\{|^[^\\s].*\\bERROR\\b");
  private static final Pattern TROUBLE =
      Pattern.compile("\\bERROR\\b|^\\tat |\\\\tat |OutOfMemoryError", Pattern.MULTILINE);
  private static final List<String> FLAGS =
      List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-ea");

  private static final List<String> UNLIMITED =
      List.of("RATE", "BYTES", "USER_RATE", "USER_BYTES", "JOINS", "READS", "OTHERS", "OPENS");

  /** What a node is started with. Immutable. */
  public record Start(
      String test,
      String name,
      Place place,
      int port,
      List<String> flags,
      List<String> arguments,
      Map<String, String> environment) {
    /** A node of its own on a free loopback port, its tokens signed with the tests' secret. */
    public static Start alone(String test, String name) {
      var port = FreePorts.one();
      return new Start(test, name, Place.LOOPBACK, port, List.of(), List.of(), Map.of())
          .withDefaults();
    }

    public Start {
      flags = List.copyOf(flags);
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    private Start withDefaults() {
      return with("PARLEY_HTTP_HOST", place.host())
          .with("PARLEY_HTTP_PORT", Integer.toString(port))
          .with("PARLEY_AUTH_SECRET", Tokens.SECRET)
          .unlimited();
    }

    private Start unlimited() {
      var start = this;
      for (var limit : UNLIMITED) {
        start = start.with("PARLEY_LIMITS_" + limit, "0");
      }
      return start;
    }

    /** The same with the limits that a node has by itself; tests are spared them otherwise. */
    public Start limited() {
      var own = new LinkedHashMap<>(environment);
      UNLIMITED.forEach(limit -> own.remove("PARLEY_LIMITS_" + limit));
      return new Start(test, name, place, port, flags, arguments, own);
    }

    /** The same with one more setting, such as {@code PARLEY_HISTORY_SIZE}. */
    public Start with(String variable, String value) {
      var more = new LinkedHashMap<>(environment);
      more.put(variable, value);
      return new Start(test, name, place, port, flags, arguments, more);
    }

    /** The same with more arguments. */
    public Start with(List<String> more) {
      var all = new ArrayList<>(arguments);
      all.addAll(more);
      return new Start(test, name, place, port, flags, all, environment);
    }

    /** The same with so much heap. */
    public Start heap(String most) {
      return new Start(test, name, place, port, List.of("-Xmx" + most), arguments, environment);
    }

    /** The same elsewhere. */
    public Start at(Place elsewhere, int itsPort) {
      return new Start(test, name, elsewhere, itsPort, flags, arguments, environment)
          .withDefaults();
    }

    private Path log() {
      return Path.of("target", "logs", test, name + ".log");
    }

    /** Deletes what an earlier run left where the output goes. */
    void forgetLog() {
      try {
        Files.deleteIfExists(log());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private List<String> command(String jar) {
      var command = new ArrayList<>(place.prefix());
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(FLAGS);
      command.addAll(flags);
      command.addAll(List.of("-jar", jar));
      command.addAll(arguments);
      return command;
    }
  }

  private final Start start;
  private final ChildProcess process;
  private final List<Pattern> expected = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(1))
      .build();

  private NodeProcess(Start start, ChildProcess process) {
    this.start = start;
    this.process = process;
  }

  /** Starts the process; {@link #awaitReady} waits for it to serve. */
  public static NodeProcess launch(Start start) {
    return launch(start, System.getProperty("parley.jar", "target/parley.jar"));
  }

  static NodeProcess launch(Start start, String jar) {
    return new NodeProcess(
        start, ChildProcess.start(start.command(jar), start.environment(), start.log()));
  }

  /** Waits until {@code /health/ready} says 200; the node's end meanwhile is an error, its last lines shown. */
  public NodeProcess awaitReady() {
    Await.until(name() + " to be ready", READY, () -> {
      if (!process.alive()) {
        throw new AssertionError(name() + " ended with " + exitCode() + "\n" + process.tail());
      }
      return ready();
    });
    return this;
  }

  /** Whether {@code /health/ready} says 200 now. */
  public boolean ready() {
    var answer = ask("/health/ready");
    return answer != null && answer.statusCode() == 200;
  }

  /** Whether {@code /health/safe} says 200 now: another node may be lost. */
  public boolean safe() {
    var answer = ask("/health/safe");
    return answer != null && answer.statusCode() == 200;
  }

  /** The client's own time limit ends with the head of the answer: a node that is killed right then would be waited for. */
  private @Nullable HttpResponse<String> ask(String path) {
    var request = HttpRequest.newBuilder(http().resolve(path)).build();
    var asking = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return asking.get(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException noAnswer) {
      asking.cancel(true);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + name() + " is asked", e);
    }
  }

  /**
   * A figure that the node tells at {@code /metrics}, summed over the labels that contain {@code label}; -1 if it does not
   * answer.
   */
  public double metric(String name, String label) {
    var answer = ask("/metrics");
    return answer == null
        ? -1
        : answer
            .body()
            .lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .filter(line -> line.contains(label))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
  }

  /** How many nodes it sees, itself included. */
  public int sees() {
    return (int) metric("parley_cluster_nodes", "");
  }

  /** Bytes of its heap in use after a full collection. */
  public long heapBytes() {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Shell.run(jcmd, Long.toString(pid()), "GC.run");
    return (long) metric("jvm_memory_used_bytes", "area=\"heap\"");
  }

  @Override
  public String name() {
    return start.name();
  }

  @Override
  public URI http() {
    return URI.create("http://" + start.place().host() + ":" + start.port());
  }

  /** What it was started with. */
  public Start start() {
    return start;
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Where its output is. */
  public Path log() {
    return process.log();
  }

  /** Whether the process lives. */
  public boolean alive() {
    return process.alive();
  }

  /** SIGTERM: asks it to go. */
  public void terminate() {
    process.signal("TERM");
  }

  /** SIGKILL: it is gone, without a word. */
  public void kill() {
    process.signal("KILL");
    exitCode();
  }

  /** SIGSTOP: it stands still, its connections open. Afterwards it may notice that its threads did. */
  public void freeze() {
    expect("WARN +BlockedThreadChecker: ");
    process.signal("STOP");
  }

  /** SIGCONT: it goes on. */
  public void thaw() {
    process.signal("CONT");
  }

  /** Waits for its end; 143 after SIGTERM, 137 after SIGKILL. */
  public int exitCode() {
    return process.exitCode(READY);
  }

  /** Log entries with an error or a stack trace are no surprise if this regular expression is found in them. */
  public NodeProcess expect(String regex) {
    expected.add(Pattern.compile(regex));
    return this;
  }

  NodeProcess expectLike(NodeProcess before) {
    expected.addAll(before.expected);
    return this;
  }

  /** Log entries with an error or a stack trace that nobody expected. */
  public List<String> surprises() {
    return process.entries(ENTRY).stream()
        .filter(entry -> TROUBLE.matcher(entry).find())
        .filter(entry -> expected.stream().noneMatch(e -> e.matcher(entry).find()))
        .map(entry -> entry.lines().limit(SHOWN).collect(Collectors.joining("\n    ")))
        .toList();
  }

  /** Ends it and fails if its log holds a surprise. */
  @Override
  public void close() {
    process.end();
    var surprises = surprises();
    if (!surprises.isEmpty()) {
      var shown = String.join("\n  ", surprises.subList(0, Math.min(20, surprises.size())));
      throw new AssertionError(name() + " logged errors (" + log() + "):\n  " + shown);
    }
  }
}
