package chat.parley.it;

import chat.parley.testing.ChatNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Plain HTTP requests to a node. Thread-safe: the client is. */
final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  static HttpResponse<String> get(ChatNode node, String path) {
    return send(node, "GET", path, Map.of(), "");
  }

  static HttpResponse<String> post(
      ChatNode node, String path, Map<String, String> headers, String body) {
    return send(node, "POST", path, headers, body);
  }

  static HttpResponse<String> send(
      ChatNode node, String method, String path, Map<String, String> headers, String body) {
    return send(node.http().resolve(path), method, headers, body);
  }

  static HttpResponse<String> send(
      URI uri, String method, Map<String, String> headers, String body) {
    var publisher = body.isEmpty()
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).method(method, publisher);
    headers.forEach(request::header);
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
