package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real HAProxy with the configuration of {@code conf/haproxy.cfg}, before the nodes of a test. Thread-safe: the process is the operating
 * system's.
 */
public final class Haproxy implements AutoCloseable {
  private static final Path CONFIGURATION = Path.of("conf", "haproxy.cfg");
  private static final Duration START = Duration.ofSeconds(30);

  private final ChildProcess process;
  private final int port;

  private Haproxy(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test where there is none, and says so; with {@code CI=true} the test fails. */
  public static void assumeInstalled() {
    Program.assumeInstalled("haproxy", "haproxy");
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param sticky whether a client's requests all go to one node; else each goes to the next
   */
  public static Haproxy start(String test, List<URI> nodes, boolean sticky) {
    int port = FreePorts.one();
    var directory = Path.of("target", "haproxy", test + "-" + port).toAbsolutePath();
    var file = write(directory, configuration(nodes, port, sticky));
    var log = Path.of("target", "logs", test, "haproxy-" + port + ".log");
    var command = List.of(Program.path("haproxy"), "-db", "-f", file.toString());
    var started = new Haproxy(ChildProcess.start(command, Map.of(), log), port);
    Await.until("HAProxy to listen", START, started::listens);
    return started;
  }

  private static String configuration(List<URI> nodes, int port, boolean sticky) {
    var servers = new StringBuilder();
    for (int i = 0; i < nodes.size(); i++) {
      servers.append("  server node%d %s%n".formatted(i + 1, nodes.get(i).getAuthority()));
    }
    try {
      // Round robin sends each request elsewhere, which is the hardest for SockJS.
      var changed = Files.readString(CONFIGURATION)
          .replace("maxconn 100000", "maxconn 500")
          .replace("balance leastconn", sticky ? "balance source #" : "balance roundrobin #")
          .replaceAll("  server node\\d .*\n", "")
          .replace("bind :80 ", "bind 127.0.0.1:" + port + " ");
      return changed + servers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path directory, String configuration) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(directory.resolve("haproxy.cfg"), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    if (!process.alive()) {
      throw new AssertionError("HAProxy ended\n" + process.tail());
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** {@code http://host:port}. */
  public URI http() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.end();
  }
}
