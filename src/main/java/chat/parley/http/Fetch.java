package chat.parley.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/** Reads a small document over HTTP, in bounded time and space. Thread-safe: the client is. */
public final class Fetch {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private final HttpClient client;
  private final String url;

  /** @param url {@code http://} or {@code https://}; the server's certificate is checked by the JDK's authorities */
  public Fetch(Vertx vertx, String url) {
    this.url = url;
    this.client = vertx.createHttpClient(new HttpClientOptions()
        .setConnectTimeout(Math.toIntExact(PATIENCE.toMillis()))
        .setKeepAlive(false));
  }

  /** The document; fails with what a person can do something with. */
  public Future<Buffer> get() {
    var options = new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setAbsoluteURI(url)
        .setTimeout(PATIENCE.toMillis())
        .putHeader("Accept", "application/json");
    return client
        .request(options)
        .compose(request -> request.send().compose(Fetch::body))
        .timeout(2 * PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      var unused = response.request().reset();
      return Future.failedFuture("it answered " + response.statusCode());
    }
    var whole = Buffer.buffer();
    response.handler(part -> {
      whole.appendBuffer(part);
      if (whole.length() > MOST_BYTES) {
        var unused = response.request().reset();
      }
    });
    return response.end().map(end -> whole);
  }
}
