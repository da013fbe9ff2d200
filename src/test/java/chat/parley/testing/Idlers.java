package chat.parley.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Very many clients that join a room each and then do nothing but answer pings: plain sockets on one thread, from several addresses. Thread-safe: what is
 * asked of it is atomic or volatile; the sockets belong to its thread.
 */
public final class Idlers implements AutoCloseable {
  private static final int OPENING = 100;
  private static final int PER_ADDRESS = 5_000;
  private static final int PER_ROOM = 10;
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};
  private static final int PING = 0x9;
  private static final int CLOSE = 0x8;

  /** One client. */
  private static final class Idler {
    final int number;
    final SocketChannel socket;
    byte[] rest = {};
    boolean upgraded;

    Idler(int number, SocketChannel socket) {
      this.number = number;
      this.socket = socket;
    }
  }

  private final URI uri;
  private final int count;
  private final int dead;
  private final IntFunction<String> sources;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger joined = new AtomicInteger();
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "idlers");
  private volatile boolean silent;
  private volatile boolean closing;

  private Idlers(URI uri, int count, int dead, IntFunction<String> sources) throws IOException {
    this.uri = uri;
    this.count = count;
    this.dead = dead;
    this.sources = sources;
    this.selector = Selector.open();
  }

  /**
   * Connects them all, from loopback addresses, and waits until each has joined.
   *
   * @param dead how many of them fall silent at {@link #fallSilent}
   */
  public static Idlers join(URI uri, int count, int dead, Duration limit) {
    return join(uri, count, dead, i -> "127.0.0." + (2 + i / PER_ADDRESS), limit);
  }

  /**
   * Connects them all and waits until each has joined.
   *
   * @param sources the address that the n-th comes from
   */
  public static Idlers join(URI uri, int count, IntFunction<String> sources, Duration limit) {
    return join(uri, count, 0, sources, limit);
  }

  private static Idlers join(
      URI uri, int count, int dead, IntFunction<String> sources, Duration limit) {
    try {
      var idlers = new Idlers(uri, count, dead, sources);
      idlers.thread.start();
      Await.until(count + " idle clients", limit, () -> idlers.joined.get() == count);
      return idlers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on those read nothing and answer nothing; their sockets stay open. */
  public void fallSilent() {
    silent = true;
    selector.wakeup();
  }

  /** Pings answered so far. */
  public int pings() {
    return pings.get();
  }

  /** Connections that the server ended. */
  public int ended() {
    return ended.get();
  }

  private void run() {
    try {
      while (!closing) {
        while (begun.get() < count && begun.get() - joined.get() < OPENING) {
          connect(begun.getAndIncrement());
        }
        selector.select(this::ready, 100);
      }
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void connect(int number) throws IOException {
    var socket = SocketChannel.open();
    socket.configureBlocking(false);
    socket.bind(new InetSocketAddress(sources.apply(number), 0));
    socket.register(selector, SelectionKey.OP_CONNECT, new Idler(number, socket));
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  private void ready(SelectionKey key) {
    var idler = (Idler) key.attachment();
    try {
      if (key.isConnectable() && idler.socket.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        write(idler, upgrade("idler" + idler.number));
      } else if (silent && idler.number < dead) {
        key.interestOps(0);
      } else {
        read(key, idler);
      }
    } catch (IOException e) {
      end(key);
    }
  }

  private void end(SelectionKey key) {
    ended.incrementAndGet();
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] upgrade(String user) {
    return ("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer "
            + Tokens.of(user) + "\r\n\r\n")
        .getBytes(US_ASCII);
  }

  private static void write(Idler idler, byte[] bytes) throws IOException {
    var out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      idler.socket.write(out); // small enough to go at once
    }
  }

  private void read(SelectionKey key, Idler idler) throws IOException {
    buffer.clear().put(idler.rest);
    if (idler.socket.read(buffer) < 0) {
      end(key);
      return;
    }
    buffer.flip();
    if (!idler.upgraded) {
      answered(idler);
    }
    while (idler.upgraded && frame(idler)) {
      // as long as there is a whole one
    }
    idler.rest = new byte[buffer.remaining()];
    buffer.get(idler.rest);
  }

  private void answered(Idler idler) throws IOException {
    var head = UTF_8.decode(buffer.duplicate()).toString();
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return;
    }
    if (!head.startsWith("HTTP/1.1 101")) {
      throw new AssertionError("refused: " + head);
    }
    idler.upgraded = true;
    buffer.position(end + 4);
    var room = "idle" + idler.number / PER_ROOM;
    write(idler, masked("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\"}"));
  }

  private static byte[] masked(String text) {
    var body = text.getBytes(UTF_8);
    var frame = new byte[body.length + 6];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | body.length); // with a mask of zeros, and shorter than 126
    System.arraycopy(body, 0, frame, 6, body.length);
    return frame;
  }

  /** Takes one frame; false: there is no whole one. */
  private boolean frame(Idler idler) throws IOException {
    int start = buffer.position();
    if (buffer.remaining() < 4) {
      if (buffer.remaining() < 2 || (buffer.get(start + 1) & 0x7F) > buffer.remaining() - 2) {
        return false;
      }
    }
    int kind = buffer.get() & 0x0F;
    int length = buffer.get() & 0x7F;
    if (length == 126) {
      length = buffer.getShort() & 0xFFFF;
    }
    if (buffer.remaining() < length) {
      buffer.position(start);
      return false;
    }
    var body = new byte[length];
    buffer.get(body);
    if (kind == PING) {
      pings.incrementAndGet();
      write(idler, Arrays.copyOf(PONG, PONG.length));
    } else if (kind == CLOSE) {
      throw new IOException("closed");
    } else if (new String(body, UTF_8).startsWith("{\"type\":\"joined\"")) {
      joined.incrementAndGet();
    }
    return true;
  }

  /** Ends them all. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
