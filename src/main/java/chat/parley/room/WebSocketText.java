package chat.parley.room;

import io.netty.buffer.ByteBuf;

/** The one WebSocket frame a server sends here: final, text, unmasked (RFC 6455 §5.2). Pure. */
public final class WebSocketText {
  private static final int FINAL_TEXT = 0x81;

  private WebSocketText() {}

  /** Appends the text (UTF-8) as one frame: 2, 4 or 10 bytes and the text. */
  public static void append(ByteBuf out, byte[] text) {
    out.writeByte(FINAL_TEXT);
    if (text.length < 126) {
      out.writeByte(text.length);
    } else if (text.length < 1 << 16) {
      out.writeByte(126).writeShort(text.length);
    } else {
      out.writeByte(127).writeLong(text.length);
    }
    out.writeBytes(text);
  }
}
