package chat.parley.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However nodes and network misbehave, in the end every member on every node sees who is there, and nobody else. */
class PresenceAtRandomTest {
  private static final int STEPS = 150;

  static Stream<Arguments> seedsInSmallAndLargeRooms() {
    return IntStream.range(0, 60).mapToObj(seed -> Arguments.of(seed, seed % 3 == 0 ? 5 : 200));
  }

  @ParameterizedTest(name = "seed {0}, large from {1} on")
  @MethodSource("seedsInSmallAndLargeRooms")
  void all_lists_are_right_in_the_end(int seed, int full) {
    var random = new Random(seed);
    var cluster = new SimulatedCluster(random, 3, full);
    for (int i = 0; i < STEPS; i++) {
      step(cluster, random, i);
      // Mostly at leisure, now and then all at once.
      cluster.pass(random.nextInt(random.nextInt(3) == 0 ? 15 : 400));
    }
    cluster.calm();
    cluster.pass(15_000);
    // A client can only miss a frame by the next one.
    cluster.nodes.getFirst().enter("last", "last");
    cluster.pass(2_000);
    var truth = cluster.truth();
    for (var node : cluster.nodes) {
      assertThat(node.presence.roster().count())
          .as("count at %s, seed %d", node.id, seed)
          .isEqualTo(truth.size());
      assertThat(node.list.count())
          .as("told at %s, seed %d", node.id, seed)
          .isEqualTo(truth.size());
      if (truth.size() <= full * 9 / 10) {
        assertThat(node.list.users()).as("list at %s, seed %d", node.id, seed).isEqualTo(truth);
      }
    }
    assertThat(cluster.kept()).as("seats, seed %d", seed).isEqualTo(cluster.open());
  }

  private static void step(SimulatedCluster cluster, Random random, int step) {
    var node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    var sessions = someOf(node, random);
    switch (random.nextInt(20)) {
      case 0 -> kill(cluster, random);
      case 1 -> {
        if (!node.frozen && cluster.nodes.stream().noneMatch(one -> one.frozen)) {
          cluster.freeze(node);
        }
      }
      case 2, 3 ->
        cluster.nodes.stream().filter(one -> one.frozen).findFirst().ifPresent(cluster::thaw);
      case 4 -> {
        if (cluster.isParted()) {
          cluster.heal();
        } else if (random.nextInt(3) == 0) {
          cluster.part();
        }
      }
      case 5, 6, 7 -> sessions.forEach(node::leave);
      case 8, 9, 10 -> sessions.forEach(node::lose);
      case 11 -> reload(cluster, random, node, step);
      default -> node.enter("s" + step, "user" + random.nextInt(8));
    }
  }

  private static void kill(SimulatedCluster cluster, Random random) {
    if (cluster.nodes.size() > 2) {
      cluster.kill(cluster.nodes.get(random.nextInt(cluster.nodes.size())));
    } else {
      cluster.start();
    }
  }

  private static void reload(
      SimulatedCluster cluster, Random random, SimulatedNode from, int step) {
    for (var session : someOf(from, random)) {
      var user = Objects.requireNonNull(from.sessions.get(session));
      from.lose(session);
      cluster.nodes.get(random.nextInt(cluster.nodes.size())).enter("r" + step, user);
    }
  }

  private static List<String> someOf(SimulatedNode node, Random random) {
    var sessions = new ArrayList<>(node.sessions.keySet());
    sessions.removeIf(session -> session.endsWith("viewer"));
    sessions.sort(null);
    return sessions.isEmpty() ? List.of() : List.of(sessions.get(random.nextInt(sessions.size())));
  }
}
