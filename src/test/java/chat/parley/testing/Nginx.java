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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real nginx with the configuration of {@code conf/nginx.conf}, before the nodes of a test. Thread-safe: the process is the operating
 * system's.
 */
public final class Nginx implements AutoCloseable {
  private static final Path CONFIGURATION = Path.of("conf", "nginx.conf");
  private static final Duration START = Duration.ofSeconds(10);

  private final ChildProcess process;
  private final int port;

  private Nginx(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test where there is no nginx, and says so; with {@code CI=true} the test fails. */
  public static void assumeInstalled() {
    Program.assumeInstalled("nginx", "nginx-light");
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param sticky whether a client's requests all go to one node; else each goes to the next
   */
  public static Nginx start(String test, List<URI> nodes, boolean sticky) {
    int port = FreePorts.one();
    var directory = Path.of("target", "nginx", test + "-" + port).toAbsolutePath();
    var file = write(directory, whole(directory, included(nodes, port, sticky)));
    var command = List.of(Program.path("nginx"), "-p", directory.toString(), "-c", file.toString());
    var log = Path.of("target", "logs", test, "nginx-" + port + ".log");
    var nginx = new Nginx(ChildProcess.start(command, Map.of(), log), port);
    Await.until("nginx to listen", START, nginx::listens);
    return nginx;
  }

  private static String included(List<URI> nodes, int port, boolean sticky) {
    var servers = nodes.stream()
        .map(node -> "server " + node.getAuthority() + ";")
        .collect(Collectors.joining(" "));
    try {
      return Files.readString(CONFIGURATION)
          .replaceFirst("# ip_hash;", sticky ? "ip_hash; #" : "#")
          .replaceAll("server 10\\.0\\.0\\.[23]:8080;", "")
          .replace("server 10.0.0.1:8080;", servers)
          .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String whole(Path directory, String included) {
    var temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        .map(kind -> "%s_temp_path %s/%s;".formatted(kind, directory, kind))
        .collect(Collectors.joining(" "));
    var user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    return """
        daemon off; %s worker_processes 1; pid %s/pid; error_log stderr warn;
        events { worker_connections 1024; }
        http { access_log off; %s
        %s
        }
        """.formatted(user, directory, temporary, included);
  }

  private static Path write(Path directory, String configuration) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(directory.resolve("nginx.conf"), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    if (!process.alive()) {
      throw new AssertionError("nginx ended\n" + process.tail());
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
