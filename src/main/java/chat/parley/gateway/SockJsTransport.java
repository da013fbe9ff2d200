package chat.parley.gateway;

import chat.parley.protocol.CloseCode;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ServerFrame;
import chat.parley.room.Burst;
import chat.parley.room.Rooms;
import chat.parley.session.Session;
import chat.parley.session.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session over SockJS, whatever its transport. SockJS's own "write queue full" does not see a slow client on WebSocket, so the bytes whose writes
 * have not completed are counted here. Confined to its event loop.
 */
final class SockJsTransport implements Transport {
  /** What may come while nobody reads. SockJS can't make a client wait: paused, it would take in all there is. */
  private static final int HELD_FRAMES = 16;

  private static final int HELD_BYTES = 64;

  private final SockJSSocket socket;
  private final Turnstile turnstile;
  private final Lines lines;
  private final String path;
  private @Nullable Sluice sluice;
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private final ArrayDeque<Buffer> held = new ArrayDeque<>();
  private long heldBytes;
  private boolean reading = true;
  private Consumer<Buffer> reader = message -> {};
  private long queued;
  private boolean closing;
  private Future<Void> last = Future.succeededFuture();

  SockJsTransport(SockJSSocket socket, Turnstile turnstile, Lines lines) {
    this.socket = socket;
    this.turnstile = turnstile;
    this.lines = lines;
    this.path = socket.routingContext().request().path();
    lines.open(socket.routingContext().request());
  }

  /**
   * Brings what the client sends to the session, and tells when the connection has gone. The polling transports come over other connections, and so
   * perhaps on other loops, than the one that began the session.
   */
  void feed(Session session, Rooms loop, int frameBytes, Runnable gone) {
    reader = message -> {
      if (message.length() > frameBytes) {
        session.end(CloseCode.TOO_BIG, null);
      } else {
        session.received(message.getBytes());
      }
    };
    socket.handler(message -> loop.onLoop(() -> {
      if (reading) {
        reader.accept(message);
      } else if (heldBytes <= HELD_FRAMES * (long) frameBytes) {
        held.add(message);
        heldBytes += message.length() + HELD_BYTES;
      } else {
        held.clear();
        session.end(CloseCode.FLOODING, null);
      }
    }));
    if (isWebSocket()) {
      sluice = Sluice.on(socket.routingContext().request().connection(), () -> {});
    }
    Runnable closed = () -> loop.onLoop(() -> {
      session.closed();
      gone.run();
    });
    socket.exceptionHandler(cause -> closed.run());
    socket.endHandler(end -> closed.run());
    socket.closeHandler(end -> closed.run());
  }

  private boolean isWebSocket() {
    return path.endsWith("/websocket");
  }

  /** Under which path the session began. */
  String path() {
    return path;
  }

  /** Tells a client that there is no place for it. */
  static void turnAway(SockJSSocket socket, Duration retryAfter) {
    socket.exceptionHandler(gone -> {}); // it was to go
    var bye = new ServerFrame.Bye(CloseCode.UNAVAILABLE, retryAfter.toMillis());
    socket
        .write(new String(FrameCodec.encode(bye), StandardCharsets.UTF_8))
        .onComplete(told -> socket.close());
  }

  @Override
  public String name() {
    return "sockjs";
  }

  @Override
  public String address() {
    var peer = socket.remoteAddress();
    var address = peer == null ? null : peer.hostAddress();
    return address == null ? "" : address;
  }

  @Override
  public void send(byte[] json) {
    queued += json.length;
    last = write(new String(json, StandardCharsets.UTF_8)).onComplete(written -> {
      queued -= json.length;
      if (queued == 0 || written.failed()) {
        var woken = List.copyOf(waiting);
        waiting.clear();
        woken.forEach(one -> one.complete(null, written.cause()));
      }
    });
  }

  private Future<Void> write(String text) {
    Promise<Void> done = Promise.promise();
    turnstile.pass(path, () -> socket.write(text).onComplete(done));
    return done.future();
  }

  @Override
  public void send(Burst burst) {
    for (int i = 0; i < burst.size(); i++) {
      send(burst.json(i));
    }
  }

  @Override
  public long queuedBytes() {
    return queued;
  }

  @Override
  public Future<Void> drained() {
    if (queued == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> drained = Promise.promise();
    waiting.add(drained);
    return drained.future();
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    while (reading && !held.isEmpty()) {
      var message = held.remove();
      heldBytes -= message.length() + HELD_BYTES;
      reader.accept(message);
    }
    if (sluice != null) {
      sluice.open(reading);
    }
  }

  @Override
  public void flush() {
    // SockJS keeps nothing back.
  }

  /** SockJS's heartbeats are not answered: its clients have to say something by themselves, or to poll. */
  @Override
  public boolean probe() {
    return false;
  }

  /** SockJS forgets what waits for a client's next poll when it is closed, so the last frame has to be fetched first. */
  @Override
  public void close(CloseCode code) {
    closing = true;
    if (sluice != null) {
      sluice.end();
    }
    last.onSuccess(fetched -> socket.close(code.code(), code.reason()));
  }

  /** The last frame gets a chance: SockJS would drop it, and who closes does so again later. */
  @Override
  public void abort() {
    boolean farewell = closing && !last.isComplete();
    closing = false;
    if (farewell) {
      return;
    }
    lines.cut(path);
    lines.forget(path);
    if (!isWebSocket()) {
      socket.close(); // or it would wait for a next request
    }
  }
}
