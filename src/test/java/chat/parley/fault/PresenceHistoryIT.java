package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.Namespaces;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Short histories, one after the other on the same three nodes: people come, go, reload and break off, and meanwhile something happens to a node, or to two of them. In the
 * end each client's list, in each room and on each node, is just who has a socket open.
 */
class PresenceHistoryIT extends FaultTest {
  private static final int HISTORIES = 20;
  private static final List<Fault> KINDS = List.of(Fault.values());
  private static final int ROOMS = 4;
  private static final int BEFORE = 15;
  private static final int MEANWHILE = 20;
  private static final int AFTERWARDS = 15;
  private static final Duration SETTLED = Duration.ofSeconds(15);
  /** Seats of the dead that came back with another half are found when the house is kept, once a minute. */
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(70);

  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<Visitors.Deed, Integer> deeds = new EnumMap<>(Visitors.Deed.class);
  private final List<Duration> times = new ArrayList<>();

  @Test
  void whatever_has_happened_all_lists_are_right_in_the_end() {
    try (var net = Namespaces.of(3);
        var cluster = start(TestCluster.in(net.places()).with("PARLEY_DRAIN_SECONDS", "1s"))) {
      plan.rounds(random -> {
        for (int i = 0; i < HISTORIES; i++) {
          play(cluster, net, KINDS.get(i % KINDS.size()), random.nextLong());
        }
      });
      plan.say("%d histories: %s, %s; all lists right, after all nodes were back: %s"
          .formatted(times.size(), faults, deeds, Figures.of(times.stream())));
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(deeds).containsOnlyKeys(Visitors.Deed.values());
      assertNothingIsKept(cluster);
    }
  }

  private void play(TestCluster cluster, Namespaces net, Fault fault, long seed) {
    var random = new Random(seed);
    var name = "history" + times.size();
    try (var visitors = new Visitors(vertx, name, cluster.webSockets(), ROOMS, random)) {
      visitors.look();
      act(visitors, BEFORE, Duration.ofSeconds(1), random);
      var victim = random.nextInt(3);
      // The other half of what is parted may have its troubles too.
      var second = fault.lasts().toSeconds() > 8 && random.nextBoolean() ? (victim + 1) % 3 : -1;
      strike(fault, victim, cluster, net);
      act(visitors, MEANWHILE / 2, fault.lasts().dividedBy(2), random);
      if (second >= 0) {
        strike(Fault.KILL, second, cluster, net);
      }
      act(visitors, MEANWHILE / 2, fault.lasts().dividedBy(2), random);
      fault.end(cluster, net, victim);
      if (second >= 0) {
        Fault.KILL.end(cluster, net, second);
      }
      act(visitors, AFTERWARDS, fault.lasts().dividedBy(2), random);
      cluster.awaitReady();
      settle(visitors, fault + (second >= 0 ? " and KILL" : "") + ", seed " + seed);
    }
  }

  private void strike(Fault fault, int victim, TestCluster cluster, Namespaces net) {
    faults.merge(fault, 1, Integer::sum);
    fault.strike(cluster, net, victim);
  }

  private static void act(Visitors visitors, int deeds, Duration time, Random random) {
    var mean = time.dividedBy(deeds).toMillis();
    for (int i = 0; i < deeds; i++) {
      visitors.act();
      // Now and then all at once.
      Await.pass(Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextLong(3 * mean)));
    }
  }

  private void settle(Visitors visitors, String what) {
    var begun = System.nanoTime();
    visitors.look();
    try {
      Await.until(
          what + ": all lists are right",
          plan.within(SETTLED),
          () -> visitors.areSettled() && visitors.wrong().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", visitors.wrong()), e);
    }
    times.add(Duration.ofNanos(System.nanoTime() - begun));
    visitors.deeds().forEach((deed, count) -> deeds.merge(deed, count, Integer::sum));
    plan.say("%s: %s; %d lists right after %d ms"
        .formatted(what, visitors.deeds(), visitors.lists(), times.getLast().toMillis()));
  }

  /** Everybody has left, so no room has a seat for anybody. */
  private void assertNothingIsKept(TestCluster cluster) {
    var begun = System.nanoTime();
    Await.until(
        "no room keeps a seat",
        HOUSEKEEPING,
        () -> cluster.nodes().stream().mapToDouble(PresenceHistoryIT::kept).sum() == 0);
    plan.say("no room keeps a seat: after %d ms"
        .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
  }

  private static double kept(NodeProcess node) {
    return node.metric("parley_presence_rooms", "");
  }
}
