package chat.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** A WebSocket's first words and frames, byte by byte. Pure. */
final class Handshakes {
  private Handshakes() {}

  /** Asks for a WebSocket at {@code /ws}, with more header lines. */
  static String request(String token, String... more) {
    return "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Authorization: Bearer " + token + "\r\n"
        + String.join("\r\n", more) + (more.length == 0 ? "\r\n" : "\r\n\r\n");
  }

  /** A masked frame (the mask is zero) of less than 64 KiB; {@code first}: FIN, reserved bits and opcode. */
  static byte[] frame(int first, String content) {
    var bytes = content.getBytes(UTF_8);
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (bytes.length < 126) {
      out.write(0x80 | bytes.length);
    } else {
      out.write(0x80 | 126);
      out.write(bytes.length >> 8);
      out.write(bytes.length);
    }
    out.writeBytes(new byte[4]);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  /** A masked text frame. */
  static byte[] text(String content) {
    return frame(0x81, content);
  }
}
