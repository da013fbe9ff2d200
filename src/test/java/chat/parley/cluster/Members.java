package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Real members in this process, on free ports of the loopback interface. Confined to the test's thread. */
final class Members implements AutoCloseable {
  private static final List<MapSpec> MAPS =
      List.of(new MapSpec("tallies", true), new MapSpec("unguarded", false));

  /** One member and its cluster. */
  record Member(HazelcastInstance hazelcast, HazelcastCluster cluster) {
    SharedMap<Tally> map() {
      return cluster.map("tallies");
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Integer> ports;
  private final int quorum;
  private final boolean acquainted;
  private final Map<String, String> properties;
  private final String name = "test-" + NodeId.next();
  private final List<Member> members = new ArrayList<>();

  private Members(int count, int quorum, boolean acquainted, Map<String, String> properties) {
    this.ports = freePorts(count);
    this.quorum = quorum;
    this.acquainted = acquainted;
    this.properties = properties;
  }

  static Members of(int count, int quorum) {
    return of(count, quorum, Map.of());
  }

  /** Some of whose properties are not as {@link HazelcastConfig} has them. */
  static Members of(int count, int quorum, Map<String, String> properties) {
    var started = new Members(count, quorum, true, properties);
    IntStream.range(0, count).forEach(i -> started.members.add(started.start(i)));
    started.awaitSafe();
    return started;
  }

  /** All in the same moment, none there before the others. */
  static Members atOnce(int count) {
    var started = new Members(count, 0, true, Map.of());
    var starting = IntStream.range(0, count)
        .mapToObj(i ->
            CompletableFuture.supplyAsync(() -> started.start(i), task -> new Thread(task).start()))
        .toList();
    starting.forEach(member -> started.members.add(member.join()));
    await(
        "all know all",
        () ->
            started.members.stream().allMatch(member -> member.cluster().nodes().size() == count));
    return started;
  }

  /** Members that have not heard of each other: each a cluster of its own, until {@link #heal}. */
  static Members parted(int count) {
    var started = new Members(count, 0, false, Map.of());
    IntStream.range(0, count).forEach(i -> started.members.add(started.start(i)));
    started.awaitSafe();
    return started;
  }

  /** Lets the parted members find each other, as they do after a partition of the network. */
  void heal() {
    members.forEach(member -> member
        .hazelcast()
        .getConfig()
        .getAdvancedNetworkConfig()
        .getJoin()
        .getTcpIpConfig()
        .setMembers(addresses()));
  }

  Member member(int index) {
    return members.get(index);
  }

  /** As a process that is killed: no word to the others. */
  void kill(int index) {
    members.get(index).hazelcast().getLifecycleService().terminate();
  }

  void restart(int index) {
    members.set(index, start(index));
    awaitSafe();
  }

  void awaitSafe() {
    await(
        "the cluster is safe",
        () -> members.stream()
            .filter(member -> member.hazelcast().getLifecycleService().isRunning())
            .allMatch(member -> member.cluster().safe()));
  }

  static void await(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  HazelcastCluster.Settings settings(int index) {
    return new HazelcastCluster.Settings(
        "127.0.0.1",
        ports.get(index),
        0,
        0,
        acquainted ? addresses() : List.of(),
        "",
        1,
        quorum,
        name,
        ClusterTls.OFF);
  }

  private List<String> addresses() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  private Member start(int index) {
    var settings = settings(index);
    var config = HazelcastCluster.config(settings, NodeId.next(), Tally.types(), MAPS);
    properties.forEach(config::setProperty);
    var hazelcast = Hazelcast.newHazelcastInstance(config);
    return new Member(hazelcast, HazelcastCluster.of(hazelcast, vertx, settings));
  }

  static List<Integer> freePorts(int count) {
    var sockets = IntStream.range(0, count).mapToObj(i -> anySocket()).toList();
    var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    sockets.forEach(Members::close);
    return ports;
  }

  private static ServerSocket anySocket() {
    try {
      return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    members.forEach(member -> member.hazelcast().getLifecycleService().terminate());
    try {
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
