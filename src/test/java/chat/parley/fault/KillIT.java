package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.Checker;
import chat.parley.testing.Outage;
import chat.parley.testing.Patience;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SIGKILL of random nodes under load; every wait in here has its limit. */
class KillIT extends FaultTest {
  private static final int ROOMS = 50;
  private static final int KILLS = 20;
  /** A little more than what is promised to be borne, since a timer that is late makes fewer. */
  private static final int PER_SECOND = 600;

  private static final int LEAST_PER_SECOND = 500;
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration BACK = Duration.ofSeconds(2);

  private final List<Long> kills = new ArrayList<>();

  @Test
  void killed_nodes_take_nothing_that_was_acked_with_them() {
    try (var cluster = start(TestCluster.of(3))) {
      plan.rounds(random -> round(cluster, random));
    }
  }

  /** Breaks the cluster on purpose: whoever judges it must say so. */
  @Test
  void without_backups_the_loss_is_noticed() {
    try (var cluster = start(TestCluster.of(3).with("PARLEY_CLUSTER_BACKUPS", "0"), "-no-backups");
        var crowd = crowd("bare", ROOMS, new Random(1))) {
      crowd.add(3, List.of(cluster.node(0).webSocket())).talk(PER_SECOND);
      Await.pass(Duration.ofSeconds(2));
      cluster.kill(1);
      cluster.awaitReady();
      crowd.settle(cluster.node(0).webSocket(), plan.within(Duration.ofSeconds(15)));
      var verdict = crowd.judge(Checker.strict());
      plan.say("without backups: " + verdict.figures());
      assertThat(verdict.violations()).extracting(Violation::kind).contains(Violation.Kind.LOST);
    }
  }

  private void round(TestCluster cluster, Random random) {
    kills.clear();
    try (var crowd = crowd("kill", ROOMS, random)) {
      crowd.add(9, cluster.webSockets(), Patience.ofClients()).talk(PER_SECOND);
      for (var more = KILLS; more > 0; ) {
        Await.pass(Duration.ofMillis(500 + random.nextInt(1_000)));
        more -= killOneOrTwo(cluster, random, more);
      }
      var rate = crowd.rate();
      var settled = crowd.settle(cluster.node(0).webSocket(), plan.within(Duration.ofSeconds(15)));
      report(crowd, rate, settled);
      assertNoGhosts(cluster, crowd);
    }
  }

  /** Between the first and the second there is only the time that the two that are left need to be safe again. */
  private int killOneOrTwo(TestCluster cluster, Random random, int atMost) {
    var first = random.nextInt(3);
    var second = (first + 1 + random.nextInt(2)) % 3;
    kill(cluster, first);
    var both = atMost > 1 && (random.nextBoolean() || atMost == 2);
    if (both) {
      cluster.awaitReady();
      kill(cluster, second);
      cluster.awaitReady();
      cluster.restart(second);
    }
    cluster.restart(first);
    cluster.awaitReady();
    return both ? 2 : 1;
  }

  private void kill(TestCluster cluster, int victim) {
    kills.add(System.nanoTime());
    cluster.kill(victim);
  }

  private void report(Crowd crowd, long rate, Duration settled) {
    var verdict = crowd.judge(Checker.strict());
    var answers = crowd.answers();
    var waits = Figures.of(kills.stream().flatMap(kill -> waits(answers, kill)));
    var outages = crowd.outages();
    var back = Figures.of(outages.stream().map(outage -> sinceDeath(outage.over(), outage)));
    plan.say("%d kills under %d publishes/s in %d rooms, settled after %d ms"
        .formatted(kills.size(), rate, ROOMS, settled.toMillis()));
    plan.say("publishes in flight at a kill, until their answer: " + waits);
    plan.say("clients cut off, from their node's death until they are back and caught up: " + back);
    plan.say("medians of the parts: noticed after %d ms, welcomed %d, in all rooms %d, caught up %d"
        .formatted(
            median(outages, outage -> sinceDeath(outage.began(), outage)),
            median(outages, Outage::connecting),
            median(outages, Outage::joining),
            median(outages, Outage::catchingUp)));
    plan.say(verdict.figures());
    verdict.assertClean();
    assertThat(verdict.gaps()).isZero();
    assertThat(answers).allMatch(answer -> answer.ackedAt() < Answer.NEVER);
    assertThat(rate).isGreaterThanOrEqualTo(LEAST_PER_SECOND);
    assertThat(waits.longest()).isLessThan(plan.within(ANSWER));
    assertThat(back.median()).isLessThan(plan.within(BACK));
  }

  private static Stream<Duration> waits(List<Answer> answers, long kill) {
    return answers.stream()
        .filter(answer -> answer.isOpenAt(kill))
        .map(answer -> Duration.ofNanos(answer.answeredAt() - kill));
  }

  /** Since the kill that came last before the client was cut off. */
  private Duration sinceDeath(long moment, Outage outage) {
    var kill = kills.stream().filter(at -> at < outage.began()).max(Long::compare);
    return Duration.ofNanos(moment - kill.orElse(outage.began()));
  }

  private static long median(List<Outage> outages, Function<Outage, Duration> part) {
    return Figures.of(outages.stream().map(part)).median().toMillis();
  }
}
