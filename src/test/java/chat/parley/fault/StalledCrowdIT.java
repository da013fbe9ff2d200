package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.RawReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fifty readers that take nothing, in a room of 1,000 messages of 1 KB a second, beside fifty that read. */
class StalledCrowdIT {
  private static final int READERS = 50;
  private static final int PER_SECOND = 1_000;
  private static final Duration TALK = Duration.ofSeconds(30);
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final int OUTBOX = 1 << 20;
  private static final String TEXT = "x".repeat(1_000);

  private final Plan plan = Plan.of(this);
  private long said;
  private long most;
  private long resident;

  @Test
  @Timeout(180)
  void they_cost_no_more_than_their_bounds_and_are_let_go_and_the_others_miss_nothing()
      throws IOException {
    var start = NodeProcess.Start.alone(plan.test(), "node")
        .with("PARLEY_LIMITS_OUTBOX", Integer.toString(OUTBOX));
    try (var node = NodeProcess.launch(start).awaitReady();
        var speaker = RawReader.join(node.http(), "speaker", "fast").read()) {
      var good = join(node, "good");
      good.forEach(RawReader::read);
      warmUp(speaker);
      long before = node.heapBytes();
      long residentBefore = Processes.residentBytes(node.pid());
      long warm = said;
      var stalled = join(node, "stalled");
      talk(speaker, node);
      Await.until(
          "all is read",
          Duration.ofSeconds(30),
          () -> good.stream().allMatch(one -> one.messages() == said));
      plan.say(
          "%,d messages; heap at most %+,d KB, resident at most %+,d KB, with %,d KB allowed; slow ones closed: %.0f"
              .formatted(
                  said - warm,
                  (most - before) >> 10,
                  (resident - residentBefore) >> 10,
                  ((long) READERS * OUTBOX) >> 10,
                  node.metric("parley_connections_slow_total", "")));
      assertThat(good).allMatch(one -> one.holes() == 0 && !one.isOver());
      assertThat(node.metric("parley_connections_slow_total", "")).isEqualTo(READERS);
      assertThat(most - before).isLessThan((long) READERS * OUTBOX);
      assertLetGo(node, stalled);
      good.forEach(RawReader::close);
    }
  }

  private static List<RawReader> join(NodeProcess node, String name) {
    return IntStream.range(0, READERS)
        .mapToObj(i -> RawReader.join(node.http(), name + i, "fast"))
        .toList();
  }

  private void warmUp(RawReader speaker) throws IOException {
    for (int i = 0; i < 200; i++) {
      say(speaker);
      Await.pass(TICK);
    }
  }

  private void say(RawReader speaker) throws IOException {
    for (int i = 0; i < PER_SECOND * TICK.toMillis() / 1_000; i++) {
      speaker.say("{\"type\":\"publish\",\"room\":\"fast\",\"data\":\"" + TEXT + "\"}");
      said++;
    }
  }

  /** At the rate that is meant, whatever this thread was kept from meanwhile. */
  private void talk(RawReader speaker, NodeProcess node) throws IOException {
    long begun = System.nanoTime();
    long looked = begun;
    long ticks = 0;
    while (ticks < TALK.dividedBy(TICK)) {
      for (; ticks < (System.nanoTime() - begun) / TICK.toNanos(); ticks++) {
        say(speaker);
      }
      if (System.nanoTime() - looked > LOOK.toNanos()) {
        looked = System.nanoTime();
        most = Math.max(most, node.heapBytes());
        resident = Math.max(resident, Processes.residentBytes(node.pid()));
      }
      Await.pass(TICK);
    }
  }

  /** Their connections are gone, and what is still in the kernel's buffers ends, with or without the last frame. */
  private void assertLetGo(NodeProcess node, List<RawReader> stalled) {
    Await.until(
        "the slow ones are gone",
        Duration.ofSeconds(10),
        () -> node.metric("parley_connections", "") == READERS + 1);
    stalled.forEach(RawReader::read);
    Await.until("the end of each", Await.SOON, () -> stalled.stream().allMatch(RawReader::isOver));
    plan.say("%d of the slow ones found the bye when they read at last"
        .formatted(
            stalled.stream().filter(one -> one.last().contains("\"code\":4410")).count()));
    stalled.forEach(RawReader::close);
  }
}
