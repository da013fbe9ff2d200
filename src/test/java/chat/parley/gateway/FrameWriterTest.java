package chat.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.room.Turn;
import chat.parley.room.WebSocketText;
import chat.parley.testing.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real socket whose other end reads when the test wants. */
class FrameWriterTest {
  private static final int PONG = 0x8A;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private int port;
  private Socket client = new Socket();

  @SuppressWarnings("NullAway.Init") // set before each test
  private volatile ContextInternal loop;

  private volatile Promise<ServerWebSocket> opened = Promise.promise();
  private ServerWebSocket socket;

  @SuppressWarnings("NullAway.Init") // set before each test
  private FrameWriter writer;

  private DataInputStream read;

  @BeforeEach
  void listen() throws IOException {
    port = Await.result(
            "listening",
            vertx
                .createHttpServer(new HttpServerOptions().setSendBufferSize(16_384))
                .webSocketHandler(came -> {
                  loop = ContextInternal.current();
                  opened.complete(came);
                })
                .listen(0, "127.0.0.1"))
        .actualPort();
    connect();
  }

  private void connect() throws IOException {
    opened = Promise.promise();
    client = new Socket();
    client.setReceiveBufferSize(4_096);
    client.setSoTimeout(10_000);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    client.getOutputStream().write("""
        GET / HTTP/1.1\r
        Host: here\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """.getBytes(StandardCharsets.US_ASCII));
    socket = Await.result("a connection", opened.future());
    read = new DataInputStream(new BufferedInputStream(client.getInputStream(), 4_096));
    for (var ends = 0; ends < 4; ) {
      var next = read.readByte();
      ends = next == '\r' || next == '\n' ? ends + 1 : 0;
    }
    onLoop(() -> writer = new FrameWriter(
        ((WebSocketInternal) socket).channelHandlerContext(), new Turn(loop.nettyEventLoop())));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    Await.result("closing", vertx.close());
  }

  private void onLoop(Runnable task) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(now -> {
      try {
        task.run();
        done.complete();
      } catch (RuntimeException | AssertionError e) {
        done.fail(e);
      }
    });
    Await.result("the event loop", done.future());
  }

  private static ByteBuf frame(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var frame = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 10);
    WebSocketText.append(frame, bytes);
    return frame;
  }

  private void now(String text) {
    var frame = frame(text);
    writer.writeNow(frame);
    assertThat(frame.readableBytes()).as("not consumed").isGreaterThan(text.length());
    frame.release();
  }

  /** The next frame's text; a pong is told as such. */
  private String next() throws IOException {
    var first = read.readUnsignedByte();
    int length = read.readUnsignedByte();
    if (length == 126) {
      length = read.readUnsignedShort();
    }
    var text = new String(read.readNBytes(length), StandardCharsets.UTF_8);
    return first == PONG ? "pong" : first == 0x81 ? text : "broken: " + first;
  }

  private List<String> next(int count) throws IOException {
    var texts = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      texts.add(next());
    }
    return texts;
  }

  @Test
  void what_is_written_at_once_does_not_overtake_what_waits_for_the_end_of_the_turn()
      throws IOException {
    onLoop(() -> {
      now("first");
      writer.write(frame("second"));
      now("third");
      writer.write(frame("fourth"));
    });

    assertThat(next(4)).containsExactly("first", "second", "third", "fourth");
  }

  @Test
  void the_straight_way_leaves_nothing_waiting() throws IOException {
    assumeTrue(vertx.isNativeTransportEnabled(), "no native transport on this machine");
    onLoop(() -> {
      now("at once");
      assertThat(writer.queuedBytes()).isZero();
    });

    assertThat(next()).isEqualTo("at once");
  }

  @Test
  void frames_stay_whole_and_in_order_when_the_kernel_takes_a_part_only() throws IOException {
    var filling = "x".repeat(9_000);
    var texts = IntStream.range(0, 40).mapToObj(i -> i + filling).toList();
    var queued = new long[1];
    onLoop(() -> texts.forEach(text -> {
      socket.writePong(Buffer.buffer("alive"));
      now(text);
      queued[0] = writer.queuedBytes();
    }));

    assertThat(queued[0]).as("bytes the kernel did not take").isPositive();
    var seen = next(80);
    assertThat(seen).filteredOn(text -> !text.equals("pong")).isEqualTo(texts);
    onLoop(() -> now("and on"));
    assertThat(next()).isEqualTo("and on");
  }

  /** The next connection has its descriptor. */
  @Test
  void a_connection_that_has_gone_is_written_to_no_more() throws IOException {
    var gone = writer;
    Promise<Void> closed = Promise.promise();
    onLoop(() -> socket.closeHandler(closed::complete));
    client.close();
    Await.result("the close is heard", closed.future());
    connect();

    onLoop(() -> {
      var frame = frame("into the void");
      gone.writeNow(frame);
      frame.release();
      gone.write(frame("and this"));
      assertThat(gone.queuedBytes()).isZero();
      now("for the next one");
    });

    assertThat(next()).isEqualTo("for the next one");
  }
}
