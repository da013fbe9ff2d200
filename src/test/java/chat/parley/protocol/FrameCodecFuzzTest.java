package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Heap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged frames and plain noise: whatever comes, the answer is a frame or a {@link ProtocolException}. */
class FrameCodecFuzzTest {
  private static final int ROUNDS = 1_000_000;

  /** If each input left as little as eight bytes behind, it would be over it. */
  private static final long GROWTH_BYTES = 4 << 20;

  private static final List<byte[]> SEEDS = List.of(
          "{\"type\":\"auth\",\"ref\":1,\"token\":\"aaa.bbb.ccc\"}",
          "{\"type\":\"join\",\"ref\":\"j\",\"room\":\"lobby\",\"since\":{\"epoch\":\"e1\",\"seq\":7},\"last\":20}",
          "{\"type\":\"leave\",\"ref\":2,\"room\":\"team-red\"}",
          "{\"type\":\"publish\",\"ref\":3,\"room\":\"lobby\",\"id\":\"m1\",\"echo\":false,\"data\":{\"text\":\"grüße \\ud83c\\udf89 🎉\",\"n\":[1,-2.5e3,null,true]}}",
          "{\"type\":\"signal\",\"room\":\"lobby\",\"name\":\"typing\",\"data\":[]}",
          "{\"type\":\"history\",\"ref\":4,\"room\":\"lobby\",\"before\":9007199254740992,\"after\":0,\"limit\":50}",
          "{\"type\":\"presence\",\"ref\":5,\"room\":\"lobby\"}",
          "{\"type\":\"ping\",\"ref\":\"a\\\"b\\\\\"}")
      .stream()
      .map(frame -> frame.getBytes(UTF_8))
      .toList();

  private static final byte[] TELLING = "{}[]\",:\\ue0123456789.-+tfn \n\0\u007f*".getBytes(UTF_8);

  private static final long SEED = Long.getLong("seed", 20_261_122);

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatever_comes_the_answer_is_a_frame_or_a_refusal() {
    var random = new Random(SEED);
    int understood = 0;
    long heap = 0;
    for (int round = 0; round < ROUNDS; round++) {
      if (round == ROUNDS / 20) {
        heap = Heap.usedBytes(); // the classes are not what is looked at
      }
      byte[] input = round % 8 == 0 ? noise(random) : damaged(random);
      if (isUnderstood(input, round)) {
        understood++;
      }
    }
    assertThat(Heap.usedBytes() - heap).isLessThan(GROWTH_BYTES);
    // Both ways out were taken often enough to mean something.
    assertThat(understood).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
  }

  private static boolean isUnderstood(byte[] input, int round) {
    try {
      check(FrameCodec.decode(input));
      return true;
    } catch (ProtocolException refusal) {
      FrameCodec.encode(refusal.frame());
      return false;
    } catch (Throwable t) {
      throw new AssertionError(
          "-Dseed=%d, round %d: %s".formatted(SEED, round, HexFormat.of().formatHex(input)), t);
    }
  }

  /** What is let in can be handed on. */
  private static void check(ClientFrame frame) throws CharacterCodingException {
    if (frame.ref() != null) {
      Json.decodeValue(frame.ref());
    }
    if (frame instanceof ClientFrame.Publish publish) {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(publish.data()));
      Json.decodeValue(Buffer.buffer(publish.data()));
    }
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(64)];
    random.nextBytes(noise);
    if (noise.length > 0 && random.nextBoolean()) {
      noise[0] = '{';
    }
    return noise;
  }

  private static byte[] damaged(Random random) {
    byte[] frame = SEEDS.get(random.nextInt(SEEDS.size())).clone();
    for (int n = 1 + random.nextInt(3); n > 0 && frame.length > 0; n--) {
      frame = damage(frame, random);
    }
    return frame;
  }

  private static byte[] damage(byte[] frame, Random random) {
    int at = random.nextInt(frame.length);
    switch (random.nextInt(7)) {
      case 0 -> frame[at] = (byte) random.nextInt(256);
      case 1 -> frame[at] = TELLING[random.nextInt(TELLING.length)];
      case 2 -> frame[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> {
        return Arrays.copyOf(frame, at);
      }
      case 4 -> {
        return spliced(frame, at, at + random.nextInt(Math.min(8, frame.length - at)), new byte[0]);
      }
      case 5 -> {
        byte[] other = SEEDS.get(random.nextInt(SEEDS.size()));
        int from = random.nextInt(other.length);
        int to = from + random.nextInt(other.length - from);
        return spliced(frame, at, at, Arrays.copyOfRange(other, from, to));
      }
      default -> {
        byte[] inserted = {TELLING[random.nextInt(TELLING.length)]};
        return spliced(frame, at, at, inserted);
      }
    }
    return frame;
  }

  private static byte[] spliced(byte[] frame, int from, int to, byte[] inserted) {
    byte[] result = Arrays.copyOf(frame, frame.length - (to - from) + inserted.length);
    System.arraycopy(inserted, 0, result, from, inserted.length);
    System.arraycopy(frame, to, result, from + inserted.length, frame.length - to);
    return result;
  }
}
