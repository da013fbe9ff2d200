package chat.parley.room;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** Names of numberings. Thread-safe: {@link SecureRandom} is. */
final class Epochs {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Epochs() {}

  /** A name that no numbering has had. */
  static String fresh() {
    return name(RANDOM.nextLong());
  }

  /** The name of what two halves become: the same whoever computes it. */
  static String united(RoomState one, RoomState other) {
    var text = one.epoch() + ' ' + one.head() + ' ' + other.epoch() + ' ' + other.head();
    long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bit
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return name(hash);
  }

  private static String name(long value) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ByteBuffer.allocate(8).putLong(value).array());
  }
}
