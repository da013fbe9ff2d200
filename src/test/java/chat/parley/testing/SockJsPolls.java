package chat.parley.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code xhr} and {@code xhr_streaming} transports: one request that hears, again and again, and others, one at a time, that
 * speak. Confined to its event loop; the calls hop there.
 */
final class SockJsPolls implements SockJsCarrier {
  private final HttpClient client;
  private final Context loop;
  private final List<URI> sessions;
  private final Listener listener;
  private final Promise<Void> over = Promise.promise();
  private Future<Void> lastSend = Future.succeededFuture();
  private @Nullable HttpClientRequest open;
  private boolean closed;
  private int requests;

  private SockJsPolls(Dialer dialer, Context loop, List<URI> sessions, Listener listener) {
    this.client = dialer.http();
    this.loop = loop;
    this.sessions = sessions;
    this.listener = listener;
  }

  /** Begins to hear, by requests of the given path, each to the next of the sessions' addresses; called on its event loop. */
  static Future<SockJsCarrier> start(
      Dialer dialer, Context loop, List<URI> sessions, String path, Listener listener) {
    var polls = new SockJsPolls(dialer, loop, sessions, listener);
    polls.poll(path);
    return Future.succeededFuture(polls);
  }

  private void poll(String path) {
    post(path).compose(this::begin).compose(this::hear).onComplete(heard -> {
      open = null;
      if (closed) {
        over.complete();
      } else if (heard.succeeded()) {
        poll(path);
      } else {
        closed = true;
        over.complete();
        listener.ended(new Ending(1006, heard.cause().getMessage()));
      }
    });
  }

  private Future<HttpClientResponse> begin(HttpClientRequest request) {
    open = request;
    var response = request.send();
    if (closed) {
      reset(request);
    }
    return response;
  }

  private Future<Void> hear(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("HTTP " + response.statusCode());
    }
    var heard = Promise.<Void>promise();
    RecordParser.newDelimited("\n", response)
        .exceptionHandler(heard::tryFail)
        .endHandler(ended -> heard.tryComplete())
        .handler(line -> frame(line.toString()));
    return heard.future();
  }

  private void frame(String frame) {
    // The server is done with this session: another poll would begin a new one.
    closed |= frame.startsWith("c");
    listener.frame(frame);
  }

  @Override
  public Future<Void> send(String texts) {
    return Dialer.on(loop, () -> {
      lastSend = lastSend.transform(
          before -> closed ? Future.failedFuture("the connection is closed") : speak(texts));
      return lastSend;
    });
  }

  private Future<Void> speak(String texts) {
    return post("/xhr_send")
        .compose(
            request -> request.putHeader("Content-Type", "text/plain").send(Buffer.buffer(texts)))
        .compose(response -> response.statusCode() == 204
            ? Future.succeededFuture()
            : Future.failedFuture("xhr_send answered " + response.statusCode()));
  }

  private Future<HttpClientRequest> post(String path) {
    var session = sessions.get(requests++ % sessions.size());
    return Future.succeededFuture()
        .compose(now -> client.request(
            HttpMethod.POST, session.getPort(), session.getHost(), session.getPath() + path));
  }

  @Override
  public Future<Void> close() {
    return Dialer.on(loop, () -> {
      closed = true;
      if (open != null) {
        reset(open);
      }
      return Future.join(lastSend, over.future()).mapEmpty();
    });
  }

  private static void reset(HttpClientRequest request) {
    request.reset().onFailure(already -> {});
  }
}
