package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.RawReader;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred thousand attempts to connect, dozens at a time and from as many addresses, at a node that has no place left. */
class StormIT {
  private static final int PLACES = 500;
  private static final int ATTEMPTS = 100_000;
  private static final int ATTACKERS = 32;
  /** However slow the machine is, it ends. */
  private static final Duration AT_MOST = Duration.ofMinutes(3);

  private static final Duration SERVED = Duration.ofSeconds(2);
  private static final long GROWTH_BYTES = 24 << 20;
  private static final int SOME_FILES = 20;

  private final Plan plan = Plan.of(this);
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger attempts = new AtomicInteger();
  private final ConcurrentHashMap<String, LongAdder> answers = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    Await.result("close", vertx.close());
  }

  @Test
  @Timeout(300)
  void those_inside_are_served_and_the_rest_refused_and_nothing_is_left_of_it() {
    var start = NodeProcess.Start.alone(plan.test(), "node")
        .with("PARLEY_LIMITS_CONNECTIONS", Integer.toString(PLACES))
        .with("PARLEY_LIMITS_HANDSHAKES", "200");
    try (var node = NodeProcess.launch(start).awaitReady();
        var ann = ChatClient.connect(vertx, node.webSocket(), Tokens.of("ann"))) {
      ann.join("room");
      var inside = IntStream.range(1, PLACES)
          .mapToObj(
              i -> RawReader.join(node.http(), "inside" + i, "room" + i % 20).read())
          .toList();
      Await.until("a full node", Await.SOON, () -> connections(node) == PLACES);
      attempt(node.http(), 0); // the classes are not what is looked at
      long heap = node.heapBytes();
      int files = Processes.descriptors(node.pid());
      long begun = System.nanoTime();
      var attackers = attack(node.http(), begun);
      var acks = Figures.of(serveWhile(ann, attackers).stream());
      var took = Duration.ofNanos(System.nanoTime() - begun);
      plan.say("%,d attempts in %,d ms: %s; acks of one inside meanwhile: %s, p99 %d ms"
          .formatted(
              attempts.get(),
              took.toMillis(),
              answers,
              acks,
              acks.percentile(99).toMillis()));
      assertThat(attempts.get()).isEqualTo(ATTEMPTS);
      assertThat(answers.keySet()).isSubsetOf("503", "429", "reset");
      assertThat(acks.longest()).isLessThan(plan.within(SERVED));
      assertThat(inside).noneMatch(RawReader::isOver);
      assertThat(connections(node)).isEqualTo(PLACES);
      Await.until(
          "the descriptors are back",
          Duration.ofSeconds(30),
          () -> Processes.descriptors(node.pid()) < files + SOME_FILES);
      long growth = node.heapBytes() - heap;
      plan.say("afterwards: descriptors %+d, heap %+,d KB"
          .formatted(Processes.descriptors(node.pid()) - files, growth >> 10));
      assertThat(growth).isLessThan(GROWTH_BYTES);
      inside.forEach(RawReader::close);
    }
  }

  private static int connections(NodeProcess node) {
    return (int) node.metric("parley_connections", "");
  }

  private List<Thread> attack(URI node, long begun) {
    return IntStream.range(0, ATTACKERS)
        .mapToObj(who -> Thread.ofPlatform().start(() -> {
          while (System.nanoTime() - begun < AT_MOST.toNanos()) {
            if (attempts.incrementAndGet() > ATTEMPTS) {
              attempts.decrementAndGet();
              return;
            }
            answers.computeIfAbsent(attempt(node, who), what -> new LongAdder()).increment();
          }
        }))
        .toList();
  }

  /** One attempt from an address of the attacker's own, since one address has too few ports; the status, or that there was none. */
  private static String attempt(URI node, int who) {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress("127.0.1." + (1 + who), 0));
      socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), 10_000);
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(REQUEST);
      var head = socket.getInputStream().readNBytes("HTTP/1.1 503".length());
      return head.length == 0
          ? "reset"
          : new String(head, StandardCharsets.ISO_8859_1).substring("HTTP/1.1 ".length());
    } catch (IOException reset) {
      return "reset";
    }
  }

  private static final byte[] REQUEST =
      ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Authorization: Bearer " + Tokens.of("crowd") + "\r\n\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);

  private static List<Duration> serveWhile(ChatClient ann, List<Thread> attackers) {
    var acks = new ArrayList<Duration>();
    while (attackers.stream().anyMatch(Thread::isAlive)) {
      long asked = System.nanoTime();
      Await.result("an ack amid the storm", ann.publish("room", acks.size()));
      acks.add(Duration.ofNanos(System.nanoTime() - asked));
      Await.pass(Duration.ofMillis(20));
    }
    return acks;
  }
}
