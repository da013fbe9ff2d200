package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks SockJS, as browsers behind strict proxies do. Thread-safe: its carrier hops to its event loop, received
 * frames are in the inbox.
 */
public final class SockJsClient implements Conversation {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** What carries the frames. */
  public enum Transport {
    WEBSOCKET,
    XHR,
    XHR_STREAMING
  }

  private final Inbox inbox;
  private final SockJsCarrier carrier;

  private SockJsClient(Inbox inbox, SockJsCarrier carrier) {
    this.inbox = inbox;
    this.carrier = carrier;
  }

  /** Connects to {@code http://host:port/sockjs} and sends the token, if there is one, as the first frame. */
  public static SockJsClient connect(
      Vertx vertx, URI sockjs, Transport transport, @Nullable String token) {
    return connect(vertx, List.of(sockjs), transport, token);
  }

  /** The same through a load balancer that is not sticky: each request goes to the next of these. */
  public static SockJsClient connect(
      Vertx vertx, List<URI> sockjs, Transport transport, @Nullable String token) {
    var name = "sockjs client " + COUNT.incrementAndGet();
    return Await.result(
        name + " connects to " + sockjs, open(vertx, sockjs, transport, token, name));
  }

  private static Future<SockJsClient> open(
      Vertx vertx, List<URI> sockjs, Transport transport, @Nullable String token, String name) {
    var inbox = Inbox.keeping(new Journal(name));
    var id = UUID.randomUUID();
    var sessions =
        sockjs.stream().map(one -> one.resolve(one.getPath() + "/000/" + id)).toList();
    var opened = Promise.<Void>promise();
    var listener = new Listener(inbox, opened);
    var dialer = Dialer.of(vertx);
    var loop = Dialer.ownLoop(vertx);
    return Dialer.on(loop, () -> switch (transport) {
          case WEBSOCKET -> SockJsCarrier.webSocket(dialer, loop, sessions.getFirst(), listener);
          case XHR -> SockJsPolls.start(dialer, loop, sessions, "/xhr", listener);
          case XHR_STREAMING ->
            SockJsPolls.start(dialer, loop, sessions, "/xhr_streaming", listener);
        })
        .compose(carrier -> opened.future().map(new SockJsClient(inbox, carrier)))
        .compose(client -> token == null
            ? Future.succeededFuture(client)
            : client.send(JsonObject.of("type", "auth", "token", token)).map(client));
  }

  private record Listener(Inbox inbox, Promise<Void> opened) implements SockJsCarrier.Listener {
    @Override
    public void frame(String frame) {
      if (inbox.ending() != null) {
        inbox.text("after the end: " + frame);
        return;
      }
      switch (frame.charAt(0)) {
        case 'o' -> opened.complete();
        case 'a' -> new JsonArray(frame.substring(1)).forEach(text -> inbox.text((String) text));
        case 'c' -> {
          var why = new JsonArray(frame.substring(1));
          ended(new Ending(why.getInteger(0), why.getString(1)));
        }
        case 'h' -> {}
        default -> inbox.text("not a SockJS frame: " + frame);
      }
    }

    @Override
    public void ended(Ending ending) {
      inbox.end(ending);
      opened.tryFail("the connection ended: " + ending);
    }
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public Future<Void> sendText(String text) {
    return carrier.send(new JsonArray().add(text).encode());
  }

  @Override
  public void close() {
    if (inbox.ending() == null) {
      var closing = carrier.close().otherwiseEmpty();
      Await.result("closing " + journal().client(), closing, ChatClient.CLOSING);
      inbox.end(new Ending(1000, null));
    }
  }
}
