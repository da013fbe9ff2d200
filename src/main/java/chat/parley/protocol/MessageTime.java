package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** When a message was accepted, read from its encoded frame without decoding it. Pure. */
public final class MessageTime {
  private static final byte[] MESSAGE = "{\"type\":\"message\",".getBytes(US_ASCII);
  /** Inside a string its quotation marks would be escaped, so where it stands it is the field. */
  private static final byte[] FIELD = "\"time\":".getBytes(US_ASCII);

  private MessageTime() {}

  /** Milliseconds since 1970; -1: the frame is no message. */
  public static long of(byte[] frame) {
    if (frame.length < MESSAGE.length
        || !Arrays.equals(frame, 0, MESSAGE.length, MESSAGE, 0, MESSAGE.length)) {
      return -1;
    }
    for (int i = MESSAGE.length; i <= frame.length - FIELD.length; i++) {
      if (frame[i] == '"' && Arrays.equals(frame, i, i + FIELD.length, FIELD, 0, FIELD.length)) {
        return number(frame, i + FIELD.length);
      }
    }
    return -1;
  }

  private static long number(byte[] frame, int from) {
    long number = 0;
    for (int i = from; i < frame.length && frame[i] >= '0' && frame[i] <= '9'; i++) {
      number = 10 * number + frame[i] - '0';
    }
    return number;
  }
}
