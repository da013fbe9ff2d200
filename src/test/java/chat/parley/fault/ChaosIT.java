package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.Checker;
import chat.parley.testing.Namespaces;
import chat.parley.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every fault that the other tests know, in an order that the seed draws; every wait in here has its limit. */
class ChaosIT extends FaultTest {
  private static final int ROOMS = 30;
  private static final int PER_SECOND = 200;
  private static final int QUORUM = 2;

  @Test
  void whatever_happens_in_whatever_order_the_promises_hold() {
    try (var net = Namespaces.of(3);
        var cluster = start(TestCluster.in(net.places())
            .with("PARLEY_CLUSTER_QUORUM", Integer.toString(QUORUM))
            .with("PARLEY_DRAIN_SECONDS", "1s"))) {
      plan.rounds(random -> round(cluster, net, random));
    }
  }

  private void round(TestCluster cluster, Namespaces net, Random random) {
    try (var crowd = crowd("chaos", ROOMS, random)) {
      crowd.add(6, cluster.webSockets()).talk(PER_SECOND);
      for (var fault : order(random)) {
        var victim = random.nextInt(3);
        plan.say(fault + " node" + victim);
        strike(fault, victim, cluster, net);
        cluster.awaitReady();
      }
      var settled = crowd.settle(cluster.node(0).webSocket(), plan.within(Duration.ofSeconds(20)));
      var verdict = crowd.judge(Checker.allowingForks());
      plan.say("settled after %d ms; %s".formatted(settled.toMillis(), verdict.figures()));
      verdict.assertClean();
      assertThat(crowd.answers()).allMatch(answer -> answer.ackedAt() < Answer.NEVER);
      assertNoGhosts(cluster, crowd);
    }
  }

  private static List<Fault> order(Random random) {
    var faults = new ArrayList<>(List.of(Fault.values()));
    Collections.shuffle(faults, random);
    return faults;
  }

  private static void strike(Fault fault, int victim, TestCluster cluster, Namespaces net) {
    fault.strike(cluster, net, victim);
    Await.pass(fault.lasts());
    if (fault == Fault.KILL) {
      cluster.awaitReady(); // with one copy nothing is promised to who loses two nodes at once
    }
    fault.end(cluster, net, victim);
  }
}
