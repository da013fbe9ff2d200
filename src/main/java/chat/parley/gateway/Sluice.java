package chat.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Where a WebSocket's bytes come in, before anything is made of them. They are let through in portions, and while it is shut what came stays here and no more is
 * read: a client that floods costs a portion of frames, not all that fits into a read. Once the session has ended, what the client still sends is thrown
 * away for a while instead of closing at once: TCP would answer it with a reset, and the reset would take the last frame with it (nginx calls it a lingering
 * close). Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Closed is closed.
final class Sluice extends ChannelDuplexHandler {
  /** At the least six bytes are a frame. */
  private static final int PORTION = 4 * 1024;

  /** What one connection may bring in before the others of its event loop have their turn. */
  private static final int TURN = 64 * 1024;

  /** What is still looked at after the session's end: the client's own last frames. */
  private static final int LAST_WORDS = 16 * 1024;

  /** What is thrown away after that; then the client has to wait, until the connection is cut. */
  private static final int TRASH = 256 * 1024;

  private final Runnable heard;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean open = true;
  private boolean flowing;
  private boolean yields;
  private boolean over;
  private boolean stays;
  private int inThisTurn;
  private int lastWords;
  private int trash;

  private Sluice(Runnable heard) {
    this.heard = heard;
  }

  /**
   * A new one at the head of a connection's pipeline.
   *
   * @param heard told of whatever comes
   */
  static Sluice on(HttpConnection connection, Runnable heard) {
    return on(((HttpServerConnection) connection).channelHandlerContext(), heard);
  }

  static Sluice on(ChannelHandlerContext connection, Runnable heard) {
    var sluice = new Sluice(heard);
    connection.pipeline().addFirst(sluice);
    return sluice;
  }

  /** Opens or shuts it. */
  void open(boolean on) {
    if (!over) {
      open = on;
      turn();
    }
  }

  /** The session has ended: from now on hardly anything that comes is of interest. */
  void end() {
    if (!over) {
      over = true;
      open = true;
      turn();
    }
  }

  /** The same, and the connection stays open until the client says that it has heard of it, or it is {@link #cut}. */
  void endAndStay(ChannelHandlerContext connection) {
    stays = true;
    connection.pipeline().addBefore(connection.name(), null, new LastFrames());
    end();
  }

  /** In front of who served the connection, which has no more to do with it. */
  private final class LastFrames extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      boolean last = frame instanceof CloseWebSocketFrame;
      ReferenceCountUtil.release(frame);
      if (last) {
        cut();
      }
    }
  }

  /** Closes the connection now. */
  void cut() {
    stays = false;
    var here = context;
    if (here != null) {
      here.close();
    }
  }

  private void turn() {
    var here = context;
    if (here == null || here.isRemoved()) {
      return;
    }
    boolean reads = reads();
    if (reads && !waiting.isEmpty() && !flowing) {
      flow(here);
      here.fireChannelReadComplete();
    }
    here.channel().config().setAutoRead(reads());
  }

  private boolean reads() {
    return open && !yields && trash < TRASH;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heard.run();
    waiting.add((ByteBuf) message);
    flow(context);
    if (!reads()) {
      context.channel().config().setAutoRead(false);
    }
  }

  private void flow(ChannelHandlerContext context) {
    if (flowing) {
      return;
    }
    flowing = true;
    try {
      var bytes = waiting.peek();
      while (reads() && bytes != null) {
        if (over && lastWords >= LAST_WORDS) {
          trash += bytes.readableBytes();
          bytes.skipBytes(bytes.readableBytes());
        } else if (bytes.isReadable()) {
          var portion = bytes.readRetainedSlice(Math.min(PORTION, bytes.readableBytes()));
          lastWords += over ? portion.readableBytes() : 0;
          inThisTurn += portion.readableBytes();
          context.fireChannelRead(portion);
          if (inThisTurn >= TURN) {
            yields = true;
            context.executor().execute(this::nextTurn);
          }
        }
        if (!bytes.isReadable()) {
          waiting.remove();
          bytes.release();
        }
        bytes = waiting.peek();
      }
    } finally {
      flowing = false;
    }
  }

  private void nextTurn() {
    yields = false;
    inThisTurn = 0;
    turn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    while (!waiting.isEmpty()) {
      waiting.remove().release();
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (!stays) {
      context.close(promise);
    }
  }
}
