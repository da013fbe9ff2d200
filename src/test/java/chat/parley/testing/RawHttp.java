package chat.parley.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A TCP connection over which a test says what no HTTP library would. Confined to the test's thread. */
public final class RawHttp implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Socket socket;

  private RawHttp(Socket socket) {
    this.socket = socket;
  }

  /** Connects to a node. */
  public static RawHttp to(ChatNode node) {
    return from(InetAddress.getLoopbackAddress(), node);
  }

  /** Connects from one of this machine's addresses. */
  public static RawHttp from(InetAddress source, ChatNode node) {
    var socket = new Socket();
    try {
      socket.setReceiveBufferSize(16 * 1024);
      socket.bind(new InetSocketAddress(source, 0));
      socket.connect(new InetSocketAddress(node.http().getHost(), node.http().getPort()), 5_000);
      socket.setSoTimeout((int) ANSWER.toMillis());
      return new RawHttp(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends this, each character one byte. */
  public RawHttp send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends these bytes. */
  public RawHttp send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends this unless the other side has closed already. */
  public boolean trySend(String text) {
    return trySend(text.getBytes(ISO_8859_1));
  }

  /** Sends these bytes unless the other side has closed already. */
  public boolean trySend(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Whether the other side has ended the connection; nothing may be there to read. */
  public boolean isEnded() {
    try {
      socket.setSoTimeout(50);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Reads up to this text, or to the end. */
  public String readTo(String mark) {
    var read = new StringBuilder();
    try {
      int b;
      while (read.indexOf(mark) < 0 && (b = socket.getInputStream().read()) >= 0) {
        read.append((char) b);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no \"" + mark + "\" in " + ANSWER + ", but: " + read, e);
    } catch (IOException reset) {
      read.append("(reset)");
    }
    return read.toString();
  }

  /** Reads the head of an answer. */
  public String head() {
    return readTo("\r\n\r\n");
  }

  /** Reads everything to the end of the connection, which has to come. */
  public String rest() {
    var read = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(read);
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "the connection was not closed, but said: " + read.toString(ISO_8859_1), e);
    } catch (IOException reset) {
      read.writeBytes("(reset)".getBytes(ISO_8859_1));
    }
    return read.toString(ISO_8859_1);
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
