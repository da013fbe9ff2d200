package chat.parley.room;

import chat.parley.bench.ClosedLoop;
import chat.parley.cluster.ClusterTls;
import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.MapSpec;
import chat.parley.cluster.NodeId;
import chat.parley.cluster.WireTypes;
import chat.parley.metrics.Metrics;
import chat.parley.room.LogEntry.Draft;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many messages a second the server's own {@link RoomLog} gets acked by a cluster of two processes: 200 bytes each, one backup, so many
 * outstanding over so many rooms. {@code member PORT PEER} waits until its input ends; {@code driver PORT PEER PEER_PID} measures and
 * prints one JSON line per cell, each given as {@code ROOMS:OUTSTANDING} if it shall not be all. {@code src/bench/roomlog.sh} runs both.
 */
public final class RoomLogBench {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  /** The first two only warm up what the others measure. */
  private static final List<String> CELLS = List.of(
      "1000:1024",
      "1:1024",
      "1000:1024",
      "50:1024",
      "1:1024",
      "1000:64",
      "1:1",
      "1000:1024",
      "50:1024",
      "1:1024",
      "1000:64",
      "1:1",
      "1000:1024",
      "50:1024",
      "1:1024",
      "1000:64",
      "1:1");

  private static final Duration CELL = Duration.ofSeconds(5);
  private static final byte[] DATA =
      ("\"" + "x".repeat(198) + "\"").getBytes(StandardCharsets.UTF_8);

  private final Context context;
  private final RoomLog log;
  private final HazelcastInstance hazelcast;
  private final ProcessHandle peer;

  private RoomLogBench(
      Context context, RoomLog log, HazelcastInstance hazelcast, ProcessHandle peer) {
    this.context = context;
    this.log = log;
    this.hazelcast = hazelcast;
    this.peer = peer;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    var vertx = Vertx.vertx();
    var settings = settings(Integer.parseInt(args[1]), args[2]);
    var hazelcast = start(settings);
    if (args[0].equals("member")) {
      System.in.transferTo(OutputStream.nullOutputStream());
    } else {
      var cluster = HazelcastCluster.of(hazelcast, vertx, settings);
      whole(hazelcast, cluster);
      var context = vertx.getOrCreateContext();
      var opened = new CompletableFuture<RoomLog>();
      context.runOnContext(now -> opened.complete(open(vertx, cluster)));
      var peer = ProcessHandle.of(Long.parseLong(args[3])).orElseThrow();
      var bench = new RoomLogBench(context, opened.get(5, TimeUnit.SECONDS), hazelcast, peer);
      for (var cell : args.length > 4 ? List.of(args).subList(4, args.length) : CELLS) {
        var numbers = cell.split(":", 2);
        bench.cell(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  static HazelcastCluster.Settings settings(int port, String peer) {
    return new HazelcastCluster.Settings(
        "127.0.0.1",
        port,
        0,
        0,
        List.of("127.0.0.1:" + port, peer),
        "",
        1,
        0,
        "parley-bench",
        ClusterTls.OFF);
  }

  static HazelcastInstance start(HazelcastCluster.Settings settings) {
    var types = new WireTypes();
    RoomTypes.register(types);
    var maps = List.of(new MapSpec(RoomNode.MAP, true));
    return Hazelcast.newHazelcastInstance(
        HazelcastCluster.config(settings, NodeId.next(), types, maps));
  }

  /** Waits until both members are there and have shared out the partitions, which happens as soon as something is asked. */
  static void whole(HazelcastInstance hazelcast, HazelcastCluster cluster) throws Exception {
    while (cluster.nodes().size() < 2
        || !hazelcast.getMap(RoomNode.MAP).isEmpty()
        || !cluster.safe()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  static RoomLog open(Vertx vertx, HazelcastCluster cluster) {
    var keep =
        new RetentionRules(new Retention(200, Duration.ofDays(1).toMillis(), 100_000), List.of());
    return new RoomLog(
        vertx,
        cluster.map(RoomNode.MAP),
        keep,
        InstantSource.system(),
        Duration.ofSeconds(10),
        new Metrics(new SimpleMeterRegistry()),
        node -> false,
        new SilentOutlet());
  }

  private void cell(int rooms, int outstanding) throws Exception {
    if (rooms > 1) {
      var names = IntStream.range(0, rooms).mapToObj(i -> "room" + i).toList();
      measure(names, "both", outstanding);
    } else {
      measure(List.of(name(true)), "here", outstanding);
      measure(List.of(name(false)), "there", outstanding);
    }
  }

  /** Of a room whose owner is this process, or the other one. */
  private String name(boolean here) {
    var partitions = hazelcast.getPartitionService();
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "room" + i)
        .filter(room -> partitions.getPartition(room).getOwner().localMember() == here)
        .findFirst()
        .orElseThrow();
  }

  private void measure(List<String> rooms, String owner, int outstanding) throws Exception {
    var figures = new ClosedLoop(context, outstanding, CELL, new Talk(rooms)).run(peer);
    OUT.printf("{\"rooms\":%d,\"owner\":\"%s\",%s}%n", rooms.size(), owner, figures);
  }

  /** One message after the other, in rooms at random. Confined to the bench's context. */
  private final class Talk implements ClosedLoop.Sender {
    private final Random random = new Random(1);
    private final String run = Epochs.fresh();
    private final List<String> rooms;
    private long number;

    Talk(List<String> rooms) {
      this.rooms = rooms;
    }

    @Override
    public void send(ClosedLoop loop) {
      long begun = System.nanoTime();
      var draft = new Draft("user" + number % 97, null, run + number++, DATA);
      log.append(rooms.get(random.nextInt(rooms.size())), draft, null)
          .onComplete(answer -> loop.ended(1, begun, answer.succeeded()));
    }
  }
}
