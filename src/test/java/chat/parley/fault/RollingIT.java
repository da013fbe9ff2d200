package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.Checker;
import chat.parley.testing.Outage;
import chat.parley.testing.TestCluster;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each node in turn is ended politely and started again, under load; every wait in here has its limit. */
class RollingIT extends FaultTest {
  private static final int ROOMS = 50;
  private static final int PER_SECOND = 300;
  private static final Duration REFUSED = Duration.ofSeconds(1);

  @Test
  void nodes_are_replaced_one_by_one_and_nobody_loses_a_word() {
    try (var cluster = start(TestCluster.of(3).with("PARLEY_DRAIN_SECONDS", "1s"))) {
      plan.rounds(random -> round(cluster, random));
    }
  }

  private void round(TestCluster cluster, Random random) {
    try (var crowd = crowd("roll", ROOMS, random)) {
      crowd.add(9, cluster.webSockets()).talk(PER_SECOND);
      for (var i = 0; i < 3; i++) {
        Await.pass(Duration.ofMillis(random.nextInt(500)));
        cluster.restart(i);
        cluster.awaitReady();
      }
      crowd.settle(cluster.node(0).webSocket(), plan.within(Duration.ofSeconds(15)));
      var verdict = crowd.judge(Checker.strict());
      var refused = Figures.of(
          crowd.answers().stream().map(Answer::refusedFor).filter(time -> !time.isZero()));
      plan.say("refused, until their ack: " + refused);
      plan.say("clients sent away, until they are back and caught up: "
          + Figures.of(crowd.outages().stream().map(Outage::whole)));
      plan.say(verdict.figures());
      verdict.assertClean();
      assertThat(verdict.gaps()).isZero();
      assertThat(refused.longest()).isLessThan(plan.within(REFUSED));
      assertNoGhosts(cluster, crowd);
    }
  }
}
