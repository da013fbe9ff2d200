package chat.parley.gateway;

import chat.parley.room.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Puts whole WebSocket frames on one socket, past Vert.x's own queue. There are two ways and one order.
 *
 * <p>The usual way is the pipeline: frames are written as they come and flushed once, at the end of the loop's turn.
 *
 * <p>The straight way hands a room's burst to the kernel at once, without an object or a queue in between. It is open where the socket
 * is a plain one of Netty's native transport, and only while nothing that was written before is still on this side: the pipeline's
 * handlers pass on at once what they are given, so all of it is in the channel's buffer. What the kernel does not take goes the usual way.
 *
 * <p>Confined to its event loop.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the channel, and that is heard.
final class FrameWriter {
  private static final int GONE = -1;

  private final Channel channel;
  private final ChannelHandlerContext context;
  private final @Nullable FileDescriptor plain;
  private final Turn turn;
  private boolean unflushed;

  /** Of a socket whose handshake is over: the pipeline is as it stays. */
  FrameWriter(ChannelHandlerContext context, Turn turn) {
    this.context = context;
    this.turn = turn;
    this.channel = context.channel();
    this.plain =
        channel instanceof UnixChannel unix && context.pipeline().get(SslHandler.class) == null
            ? unix.fd()
            : null;
  }

  /** Writes frames, which become the writer's own; they leave at the end of the turn. */
  void write(ByteBuf frames) {
    context.write(frames, context.voidPromise());
    flushAtEndOfTurn();
  }

  /** Writes frames that stay the caller's, at the end of a turn: now if the straight way is open. Readable bytes only, not consumed. */
  void writeNow(ByteBuf frames) {
    var size = frames.readableBytes();
    var taken = straight(frames);
    if (taken == 0) {
      write(frames.retainedDuplicate());
    } else if (taken > 0 && taken < size) {
      write(frames.retainedSlice(frames.readerIndex() + taken, size - taken));
    }
  }

  /** How many bytes the kernel took, none if that way is not open; less than none if the connection has gone. */
  private int straight(ByteBuf frames) {
    var socket = plain;
    if (socket == null || queuedBytes() > 0 || !frames.hasMemoryAddress()) {
      return 0;
    }
    if (!channel.isActive()) {
      return GONE; // Its descriptor may be another connection's by now.
    }
    try {
      return socket.writeAddress(
          frames.memoryAddress(), frames.readerIndex(), frames.writerIndex());
    } catch (IOException broken) {
      context.close();
      return GONE;
    }
  }

  private void flushAtEndOfTurn() {
    if (!unflushed) {
      unflushed = true;
      turn.atEnd(this::flush);
    }
  }

  /** Hands on what was written, as far as the kernel takes it. */
  void flush() {
    unflushed = false;
    context.flush();
  }

  /** Bytes that were written and are not yet with the kernel. */
  long queuedBytes() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /** Whether the connection takes more without a long queue. */
  boolean isWritable() {
    return channel.isWritable();
  }

  /** Closes the connection now; what is not yet with the kernel is lost. */
  void close() {
    context.close();
  }

  /** Done when all that was written before is with the kernel. */
  ChannelFuture drained() {
    return context.writeAndFlush(Unpooled.EMPTY_BUFFER);
  }
}
