package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.FreePorts;
import chat.parley.testing.Idlers;
import chat.parley.testing.Namespaces;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.Place;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twenty thousand connections that say nothing: what they cost, and how soon those of them are found out whose network swallows everything. */
class IdleIT {
  private static final int CONNECTIONS = 20_000;
  /** Files that a process needs beside its connections. */
  private static final int OTHER_FILES = 400;

  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final Duration MEASURED = Duration.ofSeconds(60);
  private static final double MOST_OF_A_CORE = 0.03;

  private final Plan plan = Plan.of(this);

  @Test
  void idle_connections_cost_next_to_nothing_and_the_dead_go_in_time() {
    int count = Math.min(CONNECTIONS, Processes.openFiles() - OTHER_FILES);
    int dead = count / 10;
    try (var net = Namespaces.of(1);
        var node = NodeProcess.launch(start(net.places().getFirst())).awaitReady()) {
      Await.pass(Duration.ofSeconds(5));
      long heap = node.heapBytes();
      long resident = Processes.residentBytes(node.pid());
      var sources = List.of(net.source(0), net.source(1), net.source(2));
      try (var idlers = Idlers.join(
          node.webSocket(),
          count,
          i -> sources.get(i < dead ? 0 : 1 + i % 2),
          Duration.ofMinutes(4))) {
        Await.pass(INTERVAL); // the compiler and the first round are not what is measured
        plan.say("%,d connections: heap %,d and resident %,d bytes each"
            .formatted(
                count,
                (node.heapBytes() - heap) / count,
                (Processes.residentBytes(node.pid()) - resident) / count));
        assertCheap(node, idlers);
        net.blackHole(0, sources.getFirst());
        assertDeadGo(node, idlers, count, dead);
      }
    }
  }

  private NodeProcess.Start start(Place place) {
    return NodeProcess.Start.alone(plan.test(), "node")
        .at(place, FreePorts.one())
        .heap("1g")
        .with("PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS", "0")
        .with("PARLEY_HEARTBEAT_INTERVAL", INTERVAL.toSeconds() + "s")
        .with("PARLEY_HEARTBEAT_TIMEOUT", SILENCE.toSeconds() + "s");
  }

  private void assertCheap(NodeProcess node, Idlers idlers) {
    int pings = idlers.pings();
    var before = Processes.cpu(node.pid());
    Await.pass(MEASURED);
    var share = (double) Processes.cpu(node.pid()).minus(before).toMillis() / MEASURED.toMillis();
    plan.say("%,d pings in %d s: %.2f %% of a core, all that the node does included"
        .formatted(idlers.pings() - pings, MEASURED.toSeconds(), share * 100));
    assertThat(share).isLessThan(MOST_OF_A_CORE);
  }

  private void assertDeadGo(NodeProcess node, Idlers idlers, int count, int dead) {
    long since = System.nanoTime();
    Await.until(
        "the dead to be gone",
        SILENCE.plus(INTERVAL).plusSeconds(5),
        () -> node.metric("parley_connections_silent_total", "") >= dead);
    var took = Duration.ofNanos(System.nanoTime() - since);
    plan.say("%,d dead ones gone after %,d ms".formatted(dead, took.toMillis()));
    assertThat(took).isLessThan(SILENCE.plus(INTERVAL));
    Await.pass(Duration.ofSeconds(3));
    assertThat(node.metric("parley_connections", "")).isEqualTo(count - dead);
    assertThat(idlers.ended()).isZero();
  }
}
