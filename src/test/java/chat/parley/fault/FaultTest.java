package chat.parley.fault;

import chat.parley.room.Audiences;
import chat.parley.testing.Await;
import chat.parley.testing.FreePorts;
import chat.parley.testing.LostMember;
import chat.parley.testing.TestCluster;
import io.vertx.core.Vertx;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** What the tests of faults have in common: dice, clients, a cluster that is expected to complain. Confined to the test's thread. */
abstract class FaultTest {
  /** A node that nobody listens at any more leaves a quiet room's audience when the house is kept, once a minute. */
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(70);

  final Plan plan = Plan.of(this);
  final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Await.result("close", vertx.close());
  }

  /** Starts the nodes; whatever looks like an error in their logs, and does not come of losing one another, fails the test. */
  final TestCluster start(TestCluster cluster) {
    return start(cluster, "");
  }

  /** The same, its logs kept apart from those of the class's other clusters. */
  final TestCluster start(TestCluster cluster, String apart) {
    return cluster.named(plan.test() + apart).expect(LostMember.LOG).start();
  }

  final Crowd crowd(String name, int rooms, Random random) {
    return new Crowd(vertx, name + plan.round(), rooms, random);
  }

  /**
   * Nobody else is told what the rooms accept than the nodes that have members in them; and once all clients have left, nobody is.
   * For the end of a round: the crowd is dismissed.
   */
  final void assertNoGhosts(TestCluster cluster, Crowd crowd) {
    var here = addressToReach(cluster.node(0).http());
    var began = System.nanoTime();
    try (var audiences = Audiences.open(vertx, here, FreePorts.one(), cluster.addresses())) {
      awaitAudience(audiences, crowd, crowd.places());
      crowd.close();
      awaitAudience(audiences, crowd, Set.of());
    }
    plan.say("no ghosts: audiences were right and then empty within %d ms"
        .formatted(Duration.ofNanos(System.nanoTime() - began).toMillis()));
    cluster.awaitReady();
  }

  private static void awaitAudience(Audiences audiences, Crowd crowd, Set<String> nodes) {
    try {
      Await.until(
          "the audiences are the nodes with members",
          HOUSEKEEPING,
          () -> audiences.of(crowd.rooms()).equals(nodes));
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + ": " + audiences.of(crowd.rooms()) + ", not " + nodes, e);
    }
  }

  /** The address of this machine that whoever is at that place reaches; nothing is sent. */
  private static String addressToReach(URI place) {
    try (var socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(place.getHost(), place.getPort()));
      return socket.getLocalAddress().getHostAddress();
    } catch (SocketException e) {
      throw new AssertionError("no way to " + place, e);
    }
  }
}
