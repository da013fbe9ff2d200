package chat.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Whether it is closed is looked at.
class SluiceTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Frames frames = new Frames();
  private final Sluice sluice;
  private int heard;

  SluiceTest() {
    channel.pipeline().addLast(frames);
    sluice = Sluice.on(channel.pipeline().lastContext(), () -> heard++);
  }

  /** What is behind the sluice: it may shut it in the middle of things. Confined to the channel's thread. */
  private final class Frames extends ChannelInboundHandlerAdapter {
    long bytes;
    long shutAfter = Long.MAX_VALUE;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var portion = (ByteBuf) message;
      bytes += portion.readableBytes();
      portion.release();
      if (bytes >= shutAfter) {
        sluice.open(false);
      }
    }
  }

  /** Two bytes are a close frame. Confined to the channel's thread. */
  private static final class Decoder extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var bytes = (ByteBuf) message;
      context.fireChannelRead(
          bytes.readableBytes() == 2
              ? new CloseWebSocketFrame(true, 0, bytes)
              : new TextWebSocketFrame(bytes));
    }
  }

  @AfterEach
  void close() {
    sluice.cut();
    channel.finishAndReleaseAll();
  }

  private ByteBuf arrive(int bytes) {
    var read = Unpooled.buffer(bytes).writeZero(bytes);
    channel.writeInbound(read);
    return read;
  }

  private boolean reads() {
    return channel.config().isAutoRead();
  }

  @Test
  void what_comes_goes_through() {
    var read = arrive(10_000);

    assertThat(frames.bytes).isEqualTo(10_000);
    assertThat(heard).isEqualTo(1);
    assertThat(reads()).isTrue();
    assertThat(read.refCnt()).isZero();
  }

  @Test
  void shut_in_the_middle_of_a_read_it_holds_the_rest_and_no_more_is_read() {
    frames.shutAfter = 1;
    arrive(60_000);

    assertThat(frames.bytes).isEqualTo(4_096);
    assertThat(reads()).isFalse();
    sluice.open(true);
    assertThat(frames.bytes).as("shut again at once").isEqualTo(8_192);
    assertThat(reads()).isFalse();
    frames.shutAfter = Long.MAX_VALUE;
    sluice.open(true);
    assertThat(frames.bytes).isEqualTo(60_000);
    assertThat(reads()).isTrue();
  }

  @Test
  void a_long_read_is_no_longer_than_the_others_turn() {
    var context = channel.pipeline().context(sluice);
    var read = Unpooled.buffer(200_000).writeZero(200_000);
    sluice.channelRead(context, read);

    assertThat(frames.bytes).isEqualTo(65_536);
    assertThat(reads()).isFalse();
    channel.runPendingTasks();
    assertThat(frames.bytes).isEqualTo(200_000);
    assertThat(reads()).isTrue();
  }

  @Test
  void after_the_end_a_little_is_looked_at_and_some_thrown_away_and_then_the_client_waits() {
    sluice.open(false);
    sluice.end();
    arrive(16_384);
    assertThat(frames.bytes).isEqualTo(16_384);
    var wasted = arrive(100_000);
    assertThat(frames.bytes).isEqualTo(16_384);
    assertThat(wasted.refCnt()).isZero();
    assertThat(reads()).isTrue();
    arrive(200_000);
    assertThat(reads()).isFalse();
    sluice.open(true); // who still thinks to hold the session has no say any more
    assertThat(reads()).isFalse();
  }

  @Test
  void after_the_end_the_connection_stays_open_until_it_is_cut() {
    sluice.endAndStay(channel.pipeline().lastContext());
    channel.pipeline().lastContext().close();
    assertThat(channel.isOpen()).isTrue();
    sluice.cut();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void after_the_end_it_is_closed_as_soon_as_the_client_has_heard_of_it() {
    channel.pipeline().addBefore(channel.pipeline().lastContext().name(), null, new Decoder());
    sluice.endAndStay(channel.pipeline().lastContext());
    arrive(10);
    assertThat(frames.bytes).isZero();
    assertThat(channel.isOpen()).isTrue();
    arrive(2);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void what_was_held_goes_with_the_connection() {
    sluice.open(false);
    var held = arrive(1_000);
    assertThat(held.refCnt()).isOne();
    channel.pipeline().lastContext().close();

    assertThat(held.refCnt()).isZero();
  }
}
