package chat.parley.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A program that looks like a node from outside, to try {@link NodeProcess} and {@link Namespaces} on: it says it is ready,
 * prints what it was told to, and asks others whether they are there. Thread-safe: no state.
 */
public final class FakeNode {
  /** The first question of a young JVM takes most of a second on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private FakeNode() {}

  /** Serves until it is ended. */
  public static void main(String[] arguments) throws IOException {
    var environment = System.getenv();
    var host = environment.getOrDefault("PARLEY_HTTP_HOST", "127.0.0.1");
    var port = Integer.parseInt(environment.getOrDefault("PARLEY_HTTP_PORT", "0"));
    System.out.println("arguments: " + String.join(" ", arguments));
    System.out.println(environment.getOrDefault("FAKE_SAYS", "").replace("\\t", "\t"));
    var server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.createContext("/health/ready", exchange -> exchange.sendResponseHeaders(200, -1));
    server.createContext("/ask", exchange -> {
      var answer = ask(exchange.getRequestURI().getQuery()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
  }

  private static String ask(String url) {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    try {
      var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      return "there: "
          + client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return "not there";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Packs this class into a jar that runs. */
  static String jar(Path directory) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Main-Class", FakeNode.class.getName());
    var jar = directory.resolve("fake.jar");
    var entry = FakeNode.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var in = FakeNode.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new ZipEntry(entry));
      Objects.requireNonNull(in).transferTo(out);
    }
    return jar.toString();
  }
}
