package chat.parley.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import java.net.URI;

/** What carries SockJS frames both ways. Thread-safe: everything hops to the connection's event loop. */
interface SockJsCarrier {
  /** Hears what comes, on the event loop. */
  interface Listener {
    /** A SockJS frame: {@code o}, {@code h}, {@code a[…]}, {@code c[…]}. */
    void frame(String frame);

    /** The connection broke. */
    void ended(Ending ending);
  }

  /** Sends a JSON array of texts. */
  Future<Void> send(String texts);

  /** Lets go of the connection: once that is done nothing more is heard, and it is no end that the listener is told of. */
  Future<Void> close();

  /** The {@code websocket} transport; called on its event loop. */
  static Future<SockJsCarrier> webSocket(
      Dialer dialer, Context loop, URI session, Listener listener) {
    var over = Promise.<Ending>promise();
    var dialing = dialer.webSockets().webSocket();
    dialing.textMessageHandler(listener::frame);
    dialing.closeHandler(closed -> over.complete(new Ending(1006, null)));
    var options = ChatClient.options(session.resolve(session.getPath() + "/websocket"), null);
    options.getSubProtocols().clear();
    return dialing
        .connect(options)
        .map(socket -> new Socket(loop, socket, over.future(), listener).listen());
  }

  /** Confined to its event loop; the calls hop there. */
  final class Socket implements SockJsCarrier {
    private final Context loop;
    private final WebSocket socket;
    private final Future<Ending> over;
    private final Listener listener;
    private boolean closed;

    private Socket(Context loop, WebSocket socket, Future<Ending> over, Listener listener) {
      this.loop = loop;
      this.socket = socket;
      this.over = over;
      this.listener = listener;
    }

    private Socket listen() {
      over.onSuccess(ending -> {
        if (!closed) {
          listener.ended(ending);
        }
      });
      return this;
    }

    @Override
    public Future<Void> send(String texts) {
      return socket.writeTextMessage(texts);
    }

    @Override
    public Future<Void> close() {
      return Dialer.on(loop, () -> {
        closed = true;
        return Future.join(socket.close(), over).mapEmpty();
      });
    }
  }
}
