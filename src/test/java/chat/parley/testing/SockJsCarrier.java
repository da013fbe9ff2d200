package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What carries SockJS frames both ways. Thread-safe: each says how. */
interface SockJsCarrier {
  /** Hears each SockJS frame: {@code o}, {@code h}, {@code a[…]}, {@code c[…]}. */
  interface Listener {
    void frame(String frame);
  }

  /** Sends a JSON array of texts. */
  Future<Void> send(String texts);

  /** Lets go of the connection. */
  Future<Void> close();

  /** The {@code websocket} transport. */
  static Future<SockJsCarrier> webSocket(
      Vertx vertx, URI session, Listener listener, Consumer<Ending> onEnding) {
    var client = Dialer.webSockets(vertx);
    var dialing = client.webSocket();
    dialing.textMessageHandler(listener::frame);
    dialing.closeHandler(closed -> onEnding.accept(new Ending(1006, null)));
    var uri = session.resolve(session.getPath() + "/websocket");
    var options = ChatClient.options(uri, null);
    options.getSubProtocols().clear();
    return dialing.connect(options).map(socket -> new SockJsCarrier() {
      @Override
      public Future<Void> send(String texts) {
        return socket.writeTextMessage(texts);
      }

      @Override
      public Future<Void> close() {
        assert client != null : "a client that nobody references closes its sockets";
        return socket.close();
      }
    });
  }

  /** The {@code xhr} and {@code xhr_streaming} transports: one request that hears, others, one at a time, that speak. */
  static Future<SockJsCarrier> xhr(
      Vertx vertx, URI session, String hearing, Listener listener, Consumer<Ending> onEnding) {
    var carrier = new Xhr(Dialer.http(vertx), session, hearing, listener, onEnding);
    return carrier.listen().map(carrier);
  }

  /** Thread-safe: one lock. */
  final class Xhr implements SockJsCarrier {
    private final HttpClient client;
    private final URI session;
    private final String hearing;
    private final Listener listener;
    private final Consumer<Ending> onEnding;
    private final Object lock = new Object();
    private Future<Void> lastSend = Future.succeededFuture();
    private @Nullable HttpClientRequest open;
    private boolean closed;

    Xhr(
        HttpClient client,
        URI session,
        String hearing,
        Listener listener,
        Consumer<Ending> onEnding) {
      this.client = client;
      this.session = session;
      this.hearing = hearing;
      this.listener = listener;
      this.onEnding = onEnding;
    }

    /** Opens the hearing request, and the next one when it is over. */
    Future<Void> listen() {
      return post(hearing)
          .compose(request -> {
            synchronized (lock) {
              open = request;
            }
            return request.send();
          })
          .map(response -> {
            hear(response);
            return (Void) null;
          })
          .onFailure(this::lost);
    }

    private void hear(HttpClientResponse response) {
      if (response.statusCode() != 200) {
        lost(new IllegalStateException("HTTP " + response.statusCode()));
        return;
      }
      RecordParser.newDelimited("\n", response)
          .exceptionHandler(this::lost)
          .endHandler(ended -> again())
          .handler(line -> listener.frame(line.toString()));
    }

    private void again() {
      synchronized (lock) {
        if (closed) {
          return;
        }
      }
      listen().onFailure(this::lost);
    }

    private void lost(Throwable why) {
      synchronized (lock) {
        closed = true;
      }
      onEnding.accept(new Ending(1006, why.getMessage()));
    }

    @Override
    public Future<Void> send(String texts) {
      synchronized (lock) {
        lastSend = lastSend.transform(
            before -> post("/xhr_send").compose(request -> speak(request, texts)));
        return lastSend;
      }
    }

    private static Future<Void> speak(HttpClientRequest request, String texts) {
      return request
          .putHeader("Content-Type", "text/plain")
          .send(Buffer.buffer(texts))
          .compose(response -> response.statusCode() == 204
              ? Future.succeededFuture()
              : Future.failedFuture("xhr_send answered " + response.statusCode()));
    }

    private Future<HttpClientRequest> post(String path) {
      return client.request(
          HttpMethod.POST, session.getPort(), session.getHost(), session.getPath() + path);
    }

    @Override
    public Future<Void> close() {
      synchronized (lock) {
        closed = true;
        if (open != null) {
          open.reset();
        }
        return lastSend;
      }
    }
  }
}
