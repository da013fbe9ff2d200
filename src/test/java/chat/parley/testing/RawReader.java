package chat.parley.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A member of one room on a plain socket, which costs so little that dozens can read a fast room; or takes nothing at all once it is in. Thread-safe: figures are
 * atomic or volatile, the socket is read by one thread at a time.
 */
public final class RawReader implements AutoCloseable {
  private static final int LITTLE = 16 * 1024;

  private final Socket socket;
  private final DataInputStream in;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong holes = new AtomicLong();
  private volatile String last = "";
  private volatile boolean over;
  private long seq;

  private RawReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
  }

  /** Connects to {@code http://host:port} and joins. */
  public static RawReader join(URI node, String user, String room) {
    var socket = new Socket();
    try {
      socket.setReceiveBufferSize(LITTLE);
      socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), 5_000);
      var request = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          + "Authorization: Bearer " + Tokens.of(user) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      var reader = new RawReader(socket);
      reader.head();
      reader.say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
      while (!reader.last.startsWith("{\"type\":\"joined\"")) {
        reader.frame();
      }
      return reader;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("refused: " + head);
    }
  }

  /** Sends one text frame, its mask zero. */
  public void say(String json) throws IOException {
    var bytes = json.getBytes(UTF_8);
    var out = new ByteArrayOutputStream(bytes.length + 14);
    out.write(0x81);
    if (bytes.length < 126) {
      out.write(0x80 | bytes.length);
    } else {
      out.write(0x80 | 126);
      out.write(bytes.length >> 8);
      out.write(bytes.length);
    }
    out.writeBytes(new byte[4]);
    out.writeBytes(bytes);
    socket.getOutputStream().write(out.toByteArray());
  }

  /** Reads to the end of the connection, on a thread of its own. */
  public RawReader read() {
    Thread.ofPlatform().daemon().name("reader").start(() -> {
      try {
        while (true) {
          frame();
        }
      } catch (IOException ended) {
        over = true;
      }
    });
    return this;
  }

  private void frame() throws IOException {
    int kind = in.readUnsignedByte() & 0x0F;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    var body = new byte[(int) length];
    in.readFully(body);
    if (kind == 1) {
      text(new String(body, UTF_8));
    }
  }

  private void text(String json) {
    last = json;
    if (json.startsWith("{\"type\":\"message\"")) {
      int from = json.indexOf("\"seq\":") + 6;
      long here = Long.parseLong(json, from, json.indexOf(',', from), 10);
      if (seq > 0 && here != seq + 1) {
        holes.incrementAndGet();
      }
      seq = here;
      messages.incrementAndGet();
    }
  }

  /** Messages it has read. */
  public long messages() {
    return messages.get();
  }

  /** How often a message was not the one after the last. */
  public long holes() {
    return holes.get();
  }

  /** The last text frame it has read. */
  public String last() {
    return last;
  }

  /** Whether the connection has ended, as far as it has read. */
  public boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
