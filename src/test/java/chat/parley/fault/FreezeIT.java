package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Checker;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.Patience;
import chat.parley.testing.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A node stands still under load for longer than the others wait for it, and goes on; every wait in here has its limit. */
class FreezeIT extends FaultTest {
  private static final int ROOMS = 50;
  private static final int PER_SECOND = 500;
  /** The event bus has given it up by then, the cluster has not: what it missed, only the log still has. */
  private static final Duration STUMBLE = Duration.ofSeconds(6);

  private static final Duration FROZEN = Duration.ofSeconds(30);
  private static final long GROWTH_BYTES = 64 << 20;
  /** Clients that wait for their node, however long it says nothing. */
  private static final Patience FAITHFUL =
      new Patience(Duration.ofMillis(50), Duration.ofMillis(800), Duration.ofMinutes(1));

  @Test
  void a_frozen_node_costs_the_others_no_memory_and_finds_its_way_back() {
    try (var cluster = start(TestCluster.of(3).with("PARLEY_CLUSTER_QUORUM", "2"))) {
      plan.rounds(random -> round(cluster, random));
    }
  }

  private void round(TestCluster cluster, Random random) {
    var frozen = cluster.node(random.nextInt(3));
    var others = cluster.nodes().stream().filter(node -> node != frozen).toList();
    try (var crowd = crowd("freeze", ROOMS, random)) {
      crowd.add(6, cluster.webSockets());
      crowd.add(2, List.of(frozen.webSocket()), FAITHFUL).talk(PER_SECOND);
      Await.pass(Duration.ofSeconds(3));
      frozen.freeze();
      Await.pass(STUMBLE);
      frozen.thaw();
      Await.pass(Duration.ofSeconds(3));
      var before = others.stream().map(NodeProcess::heapBytes).toList();
      frozen.freeze();
      Await.pass(FROZEN);
      for (var i = 0; i < others.size(); i++) {
        var growth = others.get(i).heapBytes() - before.get(i);
        plan.say("heap of %s %+,d KB".formatted(others.get(i).name(), growth >> 10));
        assertThat(growth).isLessThan(GROWTH_BYTES);
      }
      var thawed = System.nanoTime();
      frozen.thaw();
      cluster.awaitReady();
      plan.say("rejoined after %d ms"
          .formatted(Duration.ofNanos(System.nanoTime() - thawed).toMillis()));
      var settled =
          crowd.settle(others.getFirst().webSocket(), plan.within(Duration.ofSeconds(20)));
      var verdict = crowd.judge(Checker.strict());
      plan.say("settled after %d ms; %s".formatted(settled.toMillis(), verdict.figures()));
      verdict.assertClean();
      assertNoGhosts(cluster, crowd);
    }
  }
}
