package chat.parley.gateway;

import chat.parley.protocol.CloseCode;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.ProtocolException;
import chat.parley.room.Burst;
import chat.parley.room.Turn;
import chat.parley.room.WebSocketText;
import chat.parley.session.Session;
import chat.parley.session.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A session's raw WebSocket. Frames go out as bytes ({@link FrameWriter}): one system call for however many frames of a turn, and one encoding for however
 * many sockets. Control frames still go through Vert.x; both write on this event loop, so the order holds. Confined to its event loop.
 */
final class WebSocketTransport implements Transport {
  /** The most fragments of one frame: what a client's library makes of the longest one, and far more. */
  static final int MOST_PARTS = 1_000;

  /** What a fragment costs of the bytes of a second: even an empty one is work. */
  private static final int PART_BYTES = 64;

  /** What a waiting pong takes beside its content, about. */
  private static final int PONG_BYTES = 128;

  /** An empty ping, whole as it goes over the wire. */
  private static final ByteBuf PING = Unpooled.unreleasableBuffer(
      Unpooled.directBuffer(2).writeByte(0x89).writeByte(0).asReadOnly());

  private final ServerWebSocket socket;
  private final ChannelHandlerContext context;
  private final FrameWriter writer;
  private final int frameBytes;
  private @Nullable Sluice sluice;
  private boolean reading = true;
  private boolean over;
  private @Nullable Buffer fragments;
  private int parts;
  private long pongsOwed;

  WebSocketTransport(ServerWebSocket socket, Turn turn, int frameBytes) {
    this.socket = socket;
    this.frameBytes = frameBytes;
    this.context = ((WebSocketInternal) socket).channelHandlerContext();
    this.writer = new FrameWriter(context, turn);
  }

  /** Brings what the client sends to the session, and tells when the connection has gone. */
  void feed(Session session, Runnable gone) {
    sluice = Sluice.on(context, session::alive);
    socket.frameHandler(frame -> frame(session, frame));
    socket.pongHandler(pong -> session.control(pong.length()));
    socket.exceptionHandler(cause -> broken(session, cause));
    socket.closeHandler(closed -> {
      if (isMeant(socket.closeStatusCode())) {
        session.left();
      } else {
        session.closed();
      }
      gone.run();
    });
  }

  /** Whether the client wanted to go: a browser says 1001 at a reload, and nothing is said when the network breaks (1006). */
  private static boolean isMeant(@Nullable Short code) {
    return code != null && (code == 1000 || code == 1005);
  }

  private void frame(Session session, WebSocketFrame frame) {
    if (over || frame.isClose()) {
      return; // a close is answered by the stack
    }
    if (frame.isPing()) {
      owePong(frame.binaryData().length());
      session.control(frame.binaryData().length());
      return;
    }
    if (frame.isBinary()) {
      fragments = null;
      session.refuse(
          new ProtocolException(
              ErrorCode.BAD_FRAME,
              null,
              null,
              "a binary frame (expected: a text frame with one JSON object)"),
          frame.binaryData().length());
      return;
    }
    if (frame.isText() && frame.isFinal()) {
      text(session, frame.binaryData(), true);
    } else if (frame.isText() || fragments != null) {
      fragment(session, frame);
    }
  }

  private void fragment(Session session, WebSocketFrame frame) {
    if (frame.isText()) {
      fragments = null;
      parts = 0;
    }
    var whole = fragments == null ? Buffer.buffer() : fragments;
    parts++;
    whole.appendBuffer(frame.binaryData());
    fragments = frame.isFinal() ? null : whole;
    if (parts > MOST_PARTS) {
      fragments = null;
      session.end(CloseCode.TOO_BIG, null);
      return;
    }
    text(session, whole, frame.isFinal());
  }

  /** The stack answers a ping by itself; while the client takes nothing, the answers pile up where nobody else counts them. */
  private void owePong(int length) {
    pongsOwed = writer.isWritable() ? 0 : pongsOwed + length + PONG_BYTES;
  }

  private void text(Session session, Buffer text, boolean whole) {
    if (text.length() > frameBytes) {
      fragments = null;
      session.end(CloseCode.TOO_BIG, null);
    } else if (whole) {
      session.received(text.getBytes());
    } else {
      session.part(PART_BYTES);
    }
  }

  private void broken(Session session, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      boolean tooBig =
          corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code();
      session.end(tooBig ? CloseCode.TOO_BIG : CloseCode.PROTOCOL_ERROR, null);
    } else {
      session.closed();
      abort();
    }
  }

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public String address() {
    var peer = socket.remoteAddress();
    var address = peer == null ? null : peer.hostAddress();
    return address == null ? "" : address;
  }

  @Override
  public void send(byte[] json) {
    var frame = PooledByteBufAllocator.DEFAULT.directBuffer(json.length + 10);
    WebSocketText.append(frame, json);
    writer.write(frame);
  }

  @Override
  public void send(Burst burst) {
    writer.writeNow(burst.webSocketFrames());
  }

  @Override
  public void flush() {
    writer.flush();
  }

  @Override
  public long queuedBytes() {
    return writer.queuedBytes() + pongsOwed;
  }

  @Override
  public Future<Void> drained() {
    Promise<Void> drained = Promise.promise();
    writer.drained().addListener(written -> drained.complete(null, written.cause()));
    return drained.future();
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    if (on) {
      socket.resume();
    } else {
      socket.pause();
    }
    if (sluice != null) {
      sluice.open(reading); // what had been taken in may have been enough to stop again
    }
  }

  @Override
  public boolean probe() {
    writer.write(PING.duplicate());
    return true;
  }

  /** Past Vert.x, which would close the connection right behind the frame, or keep the frame back while a backlog waits. */
  @Override
  public void close(CloseCode code) {
    over = true;
    var reason = code.reason().getBytes(StandardCharsets.UTF_8);
    var last = context.alloc().buffer(reason.length + 4);
    writer.write(last.writeByte(0x88)
        .writeByte(reason.length + 2)
        .writeShort(code.code())
        .writeBytes(reason));
    flush();
    if (sluice != null) {
      sluice.endAndStay(context);
    }
    socket.resume();
  }

  @Override
  public void abort() {
    if (sluice == null) {
      writer.close();
    } else {
      sluice.cut();
    }
  }
}
