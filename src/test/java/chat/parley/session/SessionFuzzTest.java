package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Heap;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random sequences of good and bad frames to real sessions over real rooms, whose cluster now holds its answers back and now refuses. */
class SessionFuzzTest extends SessionStage {
  private static final long SEED = Long.getLong("seed", 20_261_125);
  private static final int FRAMES = 100_000;
  private static final int PER_STEP = 200;

  /** The ids of some ten thousand messages, which are remembered for five minutes, and as much again. */
  private static final long GROWTH_BYTES = 4L << 20;

  private static final List<String> ROOMS = List.of("a", "b", "c", "d", "e");
  private static final SessionSettings FUZZED = new SessionSettings(
      65_536,
      4,
      Rates.NONE,
      Integer.MAX_VALUE,
      64,
      Integer.MAX_VALUE,
      Duration.ofSeconds(30),
      Duration.ofHours(1),
      Duration.ZERO);

  private final Random random = new Random(SEED);
  private int refs;

  /** One session, and the refs that it has yet to be answered. */
  private final class Talker {
    final Line line = new Line("user-" + random.nextInt(3), FUZZED);
    final Map<Integer, String> open = new HashMap<>();
    final Set<Integer> optional = new HashSet<>();

    void say() {
      var frames = new ArrayList<String>();
      for (int i = 0; i < PER_STEP; i++) {
        frames.add(frame());
      }
      on(() ->
          frames.forEach(frame -> line.session.received(frame.getBytes(StandardCharsets.UTF_8))));
    }

    private String frame() {
      int ref = refs++;
      var frame = new JsonObject();
      var type = TYPES.get(random.nextInt(TYPES.size()));
      frame.put("type", type).put("ref", ref);
      if (random.nextInt(20) > 0) {
        frame.put("room", random.nextInt(30) == 0 ? "not a room" : oneOf(ROOMS));
      }
      fill(frame, type);
      var text = frame.encode();
      if (random.nextInt(15) == 0) {
        return broken(
            frame.put("ref", "r" + ref).encode()); // whether it is answered is not followed
      }
      if (type.equals("signal")) {
        optional.add(ref);
      } else {
        open.put(ref, text);
      }
      return text;
    }

    /** Each answer is to a request that was made and not yet answered. */
    void check() {
      var sent = on(() -> {
        var news = List.copyOf(line.wire.sent);
        line.wire.sent.clear();
        return news;
      });
      for (var answer : sent) {
        assertThat(answer.getString("code")).as(answer::encode).isNotEqualTo("internal");
        if (answer.getValue("ref") instanceof Integer ref && ref < refs) {
          // A signal is answered only if it is refused.
          boolean expected = open.remove(ref) != null || optional.remove(ref);
          assertThat(expected).as("%s is one answer too many", answer.encode()).isTrue();
        }
      }
    }

    private String broken(String text) {
      var bytes = text.toCharArray();
      int at = random.nextInt(bytes.length);
      bytes[at] = (char) (32 + random.nextInt(95));
      return random.nextBoolean() ? new String(bytes) : text.substring(0, at);
    }
  }

  private static final List<String> TYPES = List.of(
      "join",
      "join",
      "leave",
      "publish",
      "publish",
      "publish",
      "signal",
      "history",
      "ping",
      "auth",
      "presence",
      "shout");

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void fill(JsonObject frame, String type) {
    switch (type) {
      case "join" -> {
        if (random.nextBoolean()) {
          frame.put("last", random.nextInt(110) - 5);
        }
        if (random.nextInt(3) == 0) {
          frame.put("since", JsonObject.of("epoch", "e", "seq", random.nextInt(100) - 5));
        }
      }
      case "publish" -> {
        frame.put("data", "x".repeat(random.nextInt(50)));
        if (random.nextBoolean()) {
          frame.put("id", "m" + random.nextInt(200));
        }
        if (random.nextInt(4) == 0) {
          frame.put("echo", random.nextBoolean());
        }
      }
      case "signal" -> frame.put("name", "typing");
      case "history" ->
        frame.put("limit", random.nextInt(120) - 5).put("before", random.nextInt(50));
      case "auth" -> frame.put("token", random.nextBoolean() ? "" : "user-" + random.nextInt(3));
      default -> {
        // nothing more belongs to it
      }
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatever_is_said_each_request_is_answered_once_and_nothing_is_left_behind() {
    var talkers = new ArrayList<Talker>();
    long heap = 0;
    for (int said = 0; said < FRAMES; said += PER_STEP) {
      if (said == FRAMES / 2) {
        heap = Heap.usedBytes(); // the rooms' logs are full by now
      }
      if (talkers.size() < 4) {
        talkers.add(new Talker());
      }
      oneOf(talkers).say();
      switch (random.nextInt(12)) {
        case 0 -> on(cluster::hold);
        case 1, 2, 3 -> on(cluster::release);
        case 4 -> on(() -> cluster.refuse(random.nextBoolean()));
        case 5 -> finish(talkers.remove(random.nextInt(talkers.size())));
        default -> talkers.forEach(Talker::check);
      }
    }
    while (!talkers.isEmpty()) {
      finish(talkers.removeLast());
    }
    assertThat(Heap.usedBytes() - heap).as("bytes of growth").isLessThan(GROWTH_BYTES);
    Await.until("no room is left", Await.SOON, () -> Await.result("rooms", roomCount()) == 0);
  }

  private void finish(Talker talker) {
    on(() -> cluster.refuse(false));
    on(cluster::release);
    Await.until("all answers of -Dseed=" + SEED, Await.SOON, () -> {
      settle();
      talker.check();
      return talker.open.isEmpty();
    });
    on(talker.line.session::closed);
  }
}
