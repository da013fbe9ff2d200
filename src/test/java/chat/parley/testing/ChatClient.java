package chat.parley.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.internal.http.WebSocketInternal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real WebSocket client. Also says what a good client never would: broken text, binary frames, nothing at all.
 * Thread-safe: the socket takes calls from any thread, received frames are in the inbox.
 */
public final class ChatClient implements Conversation {
  /** A peer that does not answer is let go after 10 s. */
  static final Duration CLOSING = Duration.ofSeconds(12);

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final WebSocket socket;
  private final Inbox inbox;

  private ChatClient(WebSocket socket, Inbox inbox) {
    this.socket = socket;
    this.inbox = inbox;
  }

  /** Connects to {@code ws://host:port/ws}, the token beside the subprotocol as a browser would, and waits for it. */
  public static ChatClient connect(Vertx vertx, URI uri, @Nullable String token) {
    var name = "client " + COUNT.incrementAndGet();
    return Await.result(name + " connects to " + uri, open(vertx, options(uri, token), name));
  }

  /** Connects with any headers and subprotocols; a refused upgrade is an {@code UpgradeRejectedException}. */
  public static Future<ChatClient> open(Vertx vertx, WebSocketConnectOptions options, String name) {
    var inbox = Inbox.keeping(new Journal(name));
    return open(Dialer.of(vertx), Dialer.ownLoop(vertx), options, inbox);
  }

  /** Connects on a given event loop, where everything that comes is handed to this inbox. */
  static Future<ChatClient> open(
      Dialer dialer, Context context, WebSocketConnectOptions options, Inbox inbox) {
    return Dialer.on(context, () -> {
      var dialing = dialer.webSockets().webSocket();
      dialing.textMessageHandler(inbox::text);
      dialing.binaryMessageHandler(data -> inbox.text("binary: " + data));
      dialing.exceptionHandler(broken -> {});
      // Not once it is connected: the end may come together with the upgrade.
      dialing.closeHandler(closed -> inbox.end(new Ending(
          Objects.requireNonNullElse(dialing.closeStatusCode(), (short) 1006),
          dialing.closeReason())));
      return dialing.connect(options).map(socket -> new ChatClient(socket, inbox));
    });
  }

  /** How a browser connects: subprotocol {@code parley.v1} and, if there is a token, {@code bearer.<token>}. */
  public static WebSocketConnectOptions options(URI uri, @Nullable String token) {
    var options = new WebSocketConnectOptions().setHost(uri.getHost()).setPort(uri.getPort());
    var query = uri.getRawQuery();
    options.setURI(query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query);
    options.addSubProtocol("parley.v1");
    return token == null ? options : options.addSubProtocol("bearer." + token);
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public Future<Void> sendText(String text) {
    return socket.writeTextMessage(text);
  }

  /** Sends a text frame of these bytes, UTF-8 or not. */
  public Future<Void> sendRaw(Buffer utf8) {
    return socket.writeFrame(
        new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8.getBytes(), true));
  }

  /** Sends a text message in two frames that may part a character; {@code last}: whether that is all of it. */
  public Future<Void> sendRawFragments(Buffer first, Buffer second, boolean last) {
    return socket
        .writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, first.getBytes(), false))
        .compose(sent -> sendContinuation(second, last));
  }

  /** Sends one more frame of a message, whether or not one was begun. */
  public Future<Void> sendContinuation(Buffer part, boolean last) {
    return socket.writeFrame(WebSocketFrame.continuationFrame(part, last));
  }

  /** Sends a binary message. */
  public Future<Void> sendBinary(Buffer data) {
    return socket.writeBinaryMessage(data);
  }

  /** Sends one text message in several frames. */
  public Future<Void> sendFragmented(String first, String... rest) {
    var sent = socket.writeFrame(WebSocketFrame.textFrame(first, rest.length == 0));
    for (var i = 0; i < rest.length; i++) {
      var part = Buffer.buffer(rest[i].getBytes(StandardCharsets.UTF_8));
      var frame = WebSocketFrame.continuationFrame(part, i == rest.length - 1);
      sent = Future.join(sent, socket.writeFrame(frame)).mapEmpty();
    }
    return sent;
  }

  /** The subprotocol that the server chose, or null. */
  public @Nullable String subprotocol() {
    return socket.subProtocol();
  }

  /** Stops reading, as a client on a bad network does; the server's writes pile up. */
  public void stopReading() {
    socket.pause();
  }

  /** Reads on. */
  public void readOn() {
    socket.resume();
  }

  /** Starts closing with this code. */
  public Future<Void> hangUp(int code) {
    return socket.close((short) code);
  }

  /** Drops the connection without a word, as a crash or a pulled cable does. */
  @SuppressWarnings("FutureReturnValueIgnored") // the close handler tells
  public void drop() {
    ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  @Override
  public void close() {
    if (inbox.ending() == null) {
      Await.result("closing " + journal().client(), hangUp(1000).otherwiseEmpty());
      awaitEnding(CLOSING);
    }
  }
}
