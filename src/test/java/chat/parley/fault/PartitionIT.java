package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.Checker;
import chat.parley.testing.Entry;
import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Refused;
import chat.parley.testing.FaultClient;
import chat.parley.testing.Journal;
import chat.parley.testing.Namespaces;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Verdict;
import chat.parley.testing.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The network between the nodes is cut; every wait in here has its limit. */
class PartitionIT extends FaultTest {
  private static final int ROOMS = 20;
  private static final int PER_SECOND = 100;
  private static final int EACH = 2;
  private static final Duration CUT = Duration.ofSeconds(20);
  /** After so long the side without the majority acks nothing any more. */
  private static final Duration SILENT = Duration.ofSeconds(6);

  private static final Duration CONVERGED = Duration.ofSeconds(15);
  /** One node is sent away and taken back meanwhile, and what was to move between it and the other has to be given up. */
  private static final Duration CONVERGED_AFTER_ONE_WAY = Duration.ofSeconds(45);

  @Test
  void the_smaller_side_promises_nothing_and_all_agree_after_the_heal() {
    try (var net = Namespaces.of(3);
        var cluster = start(TestCluster.in(net.places()).with("PARLEY_CLUSTER_QUORUM", "2"))) {
      plan.rounds(random -> {
        var alone = random.nextInt(3);
        var others = IntStream.range(0, 3).filter(i -> i != alone).boxed().toList();
        cutOff(cluster, net, random, () -> net.split(List.of(alone), others), alone);
        cutOff(cluster, net, random, () -> net.cutOneWay(alone, others.getFirst()), -1);
      });
    }
  }

  /** @param alone the node without the majority; -1: none is promised to be */
  private void cutOff(TestCluster cluster, Namespaces net, Random random, Runnable cut, int alone) {
    try (var crowd = atEachNode(cluster, alone < 0 ? "oneway" : "part", random).talk(PER_SECOND)) {
      Await.pass(Duration.ofSeconds(1));
      var began = System.nanoTime();
      cut.run();
      Await.pass(CUT);
      var healed = System.nanoTime();
      net.heal();
      var limit = plan.within(alone < 0 ? CONVERGED_AFTER_ONE_WAY : CONVERGED);
      var took = crowd.settle(cluster.node(0).webSocket(), limit);
      cluster.awaitReady();
      var verdict = crowd.judge(alone < 0 ? Checker.allowingForks() : Checker.strict());
      plan.say("%s: converged after %d ms; %s"
          .formatted(alone < 0 ? "one way" : "2|1", took.toMillis(), verdict.figures()));
      if (alone >= 0) {
        silent(crowd, alone, began, healed);
      }
      verdict.assertClean();
      assertThat(verdict.gaps()).isZero();
      assertNoGhosts(cluster, crowd);
    }
  }

  private Crowd atEachNode(TestCluster cluster, String name, Random random) {
    var crowd = crowd(name, ROOMS, random);
    cluster.webSockets().forEach(node -> crowd.add(EACH, List.of(node)));
    return crowd;
  }

  private void silent(Crowd crowd, int alone, long cut, long healed) {
    var journals = IntStream.range(alone * EACH, (alone + 1) * EACH)
        .mapToObj(crowd::client)
        .map(FaultClient::journal)
        .toList();
    var from = cut + SILENT.toNanos();
    var early = count(journals, Refused.class, cut, from);
    var acks = count(journals, Acked.class, from, healed);
    var refused = count(journals, Refused.class, from, healed);
    plan.say("2|1: the smaller side refused %d within %d s, and then acked %d and refused %d"
        .formatted(early, SILENT.toSeconds(), acks, refused));
    assertThat(early).isPositive();
    assertThat(acks).isZero();
    assertThat(refused).isPositive();
    assertThat(journals)
        .allSatisfy(journal -> assertThat(journal.entries(Refused.class))
            .extracting(Refused::code)
            .containsOnly("unavailable"));
  }

  private static long count(
      List<Journal> journals, Class<? extends Entry> kind, long from, long to) {
    return journals.stream()
        .flatMap(journal -> journal.entries(kind).stream())
        .filter(entry -> entry.at() > from && entry.at() < to)
        .count();
  }

  @Test
  void without_a_quorum_both_sides_go_on_and_are_united() {
    try (var net = Namespaces.of(2);
        var cluster = start(TestCluster.in(net.places()), "-no-quorum")) {
      plan.rounds(random -> goOnApart(cluster, net, random));
    }
  }

  private void goOnApart(TestCluster cluster, Namespaces net, Random random) {
    try (var crowd = atEachNode(cluster, "apart", random).talk(PER_SECOND)) {
      Await.pass(Duration.ofSeconds(1));
      net.cut(0, 1);
      Await.pass(CUT);
      var healed = System.nanoTime();
      var during = healed - Duration.ofSeconds(3).toNanos();
      net.heal();
      Await.pass(Duration.ofSeconds(2));
      var took = crowd.settle(cluster.node(0).webSocket(), plan.within(Duration.ofSeconds(30)));
      cluster.awaitReady();
      var verdict = crowd.judge(Checker.allowingForks());
      plan.say("1|1: united after %d ms; %s".formatted(took.toMillis(), verdict.figures()));
      for (var side = 0; side < 2; side++) {
        var journals = List.of(crowd.client(side * EACH).journal());
        assertThat(count(journals, Acked.class, during, healed)).isPositive();
      }
      united(verdict);
      assertThat(verdict.renumbered()).isPositive();
      assertThat(verdict.gaps()).isZero();
      assertThat(crowd.answers()).allMatch(answer -> answer.ackedAt() < Answer.NEVER);
      assertNoGhosts(cluster, crowd);
    }
  }

  /**
   * Uniting puts what the one half accepted behind what the other did. A session that spoke in both, as it went over while they
   * were united, does not find its own order there.
   */
  private void united(Verdict verdict) {
    var reordered = verdict.violations().stream()
        .filter(violation -> violation.kind() == Violation.Kind.OWN_ORDER)
        .toList();
    plan.say("1|1: out of their session's order over the union: " + reordered.size());
    assertThat(verdict.violations()).hasSameElementsAs(reordered);
  }
}
