package chat.parley.room;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** Names of numberings: unique, not secret. Pure, but for chance. */
final class Epochs {
  private Epochs() {}

  /** A name that no numbering has had. */
  static String fresh() {
    return name(ThreadLocalRandom.current().nextLong());
  }

  /** A number that depends on the name alone. */
  static long number(String text) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bit
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The name of what two halves become: the same whoever computes it. */
  static String united(RoomState one, RoomState other) {
    var text = one.epoch() + ' ' + one.head() + ' ' + other.epoch() + ' ' + other.head();
    return name(number(text));
  }

  private static String name(long value) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ByteBuffer.allocate(8).putLong(value).array());
  }
}
