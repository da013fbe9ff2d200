package chat.parley.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Flooder;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.Talker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A hundred people talk in ten rooms of one node, and one client does its worst beside them, as fast as TCP takes it and again at once when it was sent away. It is
 * on the same machine, so what it costs itself the others feel too.
 */
class NeighboursIT {
  private static final int PEOPLE = 100;
  private static final int ROOMS = 10;
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration WARM = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofSeconds(8);
  private static final Duration FLOOD = Duration.ofSeconds(20);
  private static final Duration SHORT_FLOOD = Duration.ofSeconds(8);
  /** Below it one sees that the flooder and everybody's clients use the same two cores, and nothing of the node. */
  private static final Duration UNNOTICED = Duration.ofMillis(3);

  private static final int CHUNK = 1 << 16;
  private static final long GROWTH_BYTES = 24 << 20;

  private static final Vertx vertx = Vertx.vertx();
  private static final ConcurrentLinkedQueue<Duration> delays = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger ended = new AtomicInteger();
  private static final List<Talker> people = new ArrayList<>();
  private static NodeProcess node;

  private final Plan plan = Plan.of(this);

  /** What it sends. */
  enum Flood {
    PUBLISH,
    PUBLISH_BESIDE_OTHERS,
    LARGE,
    JOIN,
    APP_PING,
    PING,
    PONG,
    FRAGMENTS,
    ENDLESS,
    NONSENSE,
    STRANGER,
    CONNECT;

    byte[] opening() {
      return switch (this) {
        case PUBLISH, LARGE -> text("{\"type\":\"join\",\"room\":\"flooded\"}");
        case PUBLISH_BESIDE_OTHERS -> text("{\"type\":\"join\",\"room\":\"room-0\"}");
        default -> new byte[0];
      };
    }

    byte[] chunk() {
      var out = new ByteArrayOutputStream();
      // A whole number of messages in fragments.
      for (int i = 0; hasFrames() && (out.size() < CHUNK || isUnfinished(i)); i++) {
        out.writeBytes(one(i));
      }
      return out.toByteArray();
    }

    Duration lasts() {
      return this == PUBLISH || this == PUBLISH_BESIDE_OTHERS ? FLOOD : SHORT_FLOOD;
    }

    private boolean isUnfinished(int i) {
      return this == FRAGMENTS && i % 900 != 0;
    }

    private boolean hasFrames() {
      return this != CONNECT && this != STRANGER;
    }

    private byte[] one(int i) {
      return switch (this) {
        case PUBLISH -> text("{\"type\":\"publish\",\"room\":\"flooded\",\"data\":1}");
        case PUBLISH_BESIDE_OTHERS -> text("{\"type\":\"publish\",\"room\":\"room-0\",\"data\":1}");
        case LARGE -> {
          var head = "{\"type\":\"publish\",\"room\":\"flooded\",\"data\":\"";
          yield text(head + "x".repeat(65_000) + "\"}");
        }
        case JOIN -> text("{\"type\":\"join\",\"room\":\"r" + i + "\"}");
        case APP_PING -> text("{\"type\":\"ping\"}");
        case PING -> frame(0x89, new byte[0]);
        case PONG -> frame(0x8a, new byte[0]);
        case FRAGMENTS ->
          switch (i % 900) {
            case 0 -> frame(0x01, "{\"type\":\"ping\"}".getBytes(UTF_8));
            case 899 -> frame(0x80, new byte[0]);
            default -> frame(0x00, new byte[0]);
          };
        case ENDLESS -> frame(i == 0 ? 0x01 : 0x00, new byte[1_000]);
        case NONSENSE -> text("x");
        case CONNECT, STRANGER -> new byte[0];
      };
    }
  }

  private static byte[] text(String json) {
    return frame(0x81, json.getBytes(UTF_8));
  }

  private static byte[] frame(int first, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (content.length < 126) {
      out.write(0x80 | content.length);
    } else {
      out.write(0x80 | 126);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(new byte[4]);
    out.writeBytes(content);
    return out.toByteArray();
  }

  @BeforeAll
  static void start() {
    var start = NodeProcess.Start.alone("NeighboursIT", "node").limited();
    node = NodeProcess.launch(start).awaitReady();
    var joining = IntStream.range(0, PEOPLE)
        .mapToObj(i -> Talker.join(
            vertx,
            node.webSocket(),
            "person-" + i,
            "room-" + i % ROOMS,
            delays::add,
            ended::incrementAndGet))
        .toList();
    Await.result("all in", Future.all(joining), Duration.ofSeconds(30));
    joining.forEach(one -> people.add(one.result()));
    for (var person : people) {
      Await.pass(EVERY.dividedBy(PEOPLE));
      person.talk(EVERY);
    }
    Await.pass(WARM);
  }

  @AfterAll
  static void end() {
    people.forEach(Talker::leave);
    node.close();
    Await.result("close", vertx.close());
  }

  private static Figures listen(Duration time) {
    delays.clear();
    Await.pass(time);
    return Figures.of(List.copyOf(delays).stream());
  }

  @ParameterizedTest
  @EnumSource(Flood.class)
  void one_who_floods_makes_nobody_else_wait(Flood flood) {
    long heap = node.heapBytes();
    var before = listen(QUIET);
    Figures during;
    String figures;
    try (var flooder = Flooder.start(
        node.http(),
        flood == Flood.STRANGER ? "" : "mallory-" + flood,
        flood.opening(),
        flood.chunk())) {
      during = listen(flood.lasts());
      figures = flooder.figures();
    }
    Await.pass(Duration.ofSeconds(3));
    long growth = node.heapBytes() - heap;
    plan.say("%s: before: %s; during: %s; %s; heap %+,d KB"
        .formatted(flood, shown(before), shown(during), figures, growth >> 10));
    assertThat(ended).hasValue(0);
    assertThat(growth).isLessThan(GROWTH_BYTES);
    var quiet = before.percentile(99);
    var bound = quiet.compareTo(UNNOTICED) > 0 ? quiet : UNNOTICED;
    assertThat(during.percentile(99)).isLessThan(plan.within(bound.multipliedBy(2)));
  }

  private static String shown(Figures figures) {
    return "%,d, p50 %.1f p99 %.1f max %.1f ms"
        .formatted(
            figures.sorted().size(),
            figures.median().toNanos() / 1e6,
            figures.percentile(99).toNanos() / 1e6,
            figures.longest().toNanos() / 1e6);
  }
}
