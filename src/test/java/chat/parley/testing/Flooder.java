package chat.parley.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client that says the same over and over, as fast as TCP takes it, reads and heeds nothing of what it is told, and comes back at once when it is sent away.
 * Thread-safe: figures are atomics, the socket is its thread's but for its closing.
 */
public final class Flooder implements AutoCloseable {
  private final URI node;
  private final byte[] request;
  private final byte[] opening;
  private final byte[] chunk;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final Thread thread = new Thread(this::run, "flooder");
  private volatile boolean closing;
  private volatile @Nullable Socket socket;

  private Flooder(URI node, String user, byte[] opening, byte[] chunk) {
    this.node = node;
    this.request = ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Authorization: Bearer " + Tokens.of(user) + "\r\n\r\n")
        .getBytes(ISO_8859_1);
    this.opening = opening;
    this.chunk = chunk;
  }

  /**
   * Begins.
   *
   * @param node its {@code http://host:port}
   * @param opening WebSocket frames that it sends once on each connection
   * @param chunk WebSocket frames that it sends again and again; none: it only connects
   */
  public static Flooder start(URI node, String user, byte[] opening, byte[] chunk) {
    var flooder = new Flooder(node, user, opening, chunk);
    flooder.thread.start();
    return flooder;
  }

  private void run() {
    while (!closing) {
      try (var here = new Socket()) {
        socket = here;
        here.setReuseAddress(true);
        here.connect(new InetSocketAddress(node.getHost(), node.getPort()), 5_000);
        here.setSoTimeout(5_000);
        // A reset, so that the ports last.
        here.setSoLinger(true, 0);
        connection(here);
      } catch (IOException over) {
        // sent away: once more
      }
    }
  }

  private void connection(Socket here) throws IOException {
    here.getOutputStream().write(request);
    if (!answer(here).startsWith("HTTP/1.1 101")) {
      refusals.incrementAndGet();
      return;
    }
    connections.incrementAndGet();
    here.getOutputStream().write(opening);
    var reader = Thread.ofVirtual().start(() -> drain(here));
    try {
      while (!closing && chunk.length > 0) {
        here.getOutputStream().write(chunk);
        bytes.addAndGet(chunk.length);
      }
    } finally {
      here.close();
      reader.interrupt();
    }
  }

  /** Reads and throws away, to the end. */
  private static void drain(Socket here) {
    var trash = new byte[1 << 16];
    try (here) {
      var in = here.getInputStream();
      here.setSoTimeout(0);
      while (in.read(trash) >= 0) {
        // on and on
      }
    } catch (IOException over) {
      // that is what it waits for
    }
  }

  private static String answer(Socket here) throws IOException {
    var head = new StringBuilder();
    var in = here.getInputStream();
    int b;
    while (head.indexOf("\r\n\r\n") < 0 && (b = in.read()) >= 0) {
      head.append((char) b);
    }
    return head.toString();
  }

  /** What it did. */
  public String figures() {
    return "%,d bytes over %,d connections, %,d attempts refused"
        .formatted(bytes.get(), connections.get(), refusals.get());
  }

  @Override
  public void close() {
    closing = true;
    try {
      var last = socket;
      if (last != null) {
        last.close();
      }
      thread.join();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
