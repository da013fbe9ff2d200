package chat.parley.bench;

import chat.parley.cluster.ClusterTls;
import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.MapSpec;
import chat.parley.cluster.NodeId;
import chat.parley.cluster.SharedMap;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.instance.BuildInfoProvider;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * How many appends a second two members ack to each other: 200 bytes each, one backup, one call in flight per room, and
 * whatever waits meanwhile goes with the next. {@code member PORT PEER} waits until its input ends;
 * {@code driver PORT PEER PEER_PID} measures and prints one JSON line per cell. {@code src/bench/append.sh} runs both.
 */
public final class AppendBench {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final Duration CELL = Duration.ofSeconds(4);
  private static final byte[] DATA = new byte[200];

  private final Context context;
  private final SharedMap<BenchLog> map;
  private final ProcessHandle peer;

  private AppendBench(Vertx vertx, SharedMap<BenchLog> map, ProcessHandle peer) {
    this.context = vertx.getOrCreateContext();
    this.map = map;
    this.peer = peer;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    var vertx = Vertx.vertx();
    var cluster = start(vertx, Integer.parseInt(args[1]), args[2]);
    if (args[0].equals("member")) {
      waitForTheEnd();
    } else {
      while (cluster.nodes().size() < 2 || !cluster.safe()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      var peer = ProcessHandle.of(Long.parseLong(args[3])).orElseThrow();
      new AppendBench(vertx, cluster.map("logs"), peer).measure();
    }
    Runtime.getRuntime().halt(0);
  }

  private static HazelcastCluster start(Vertx vertx, int port, String peer) {
    var settings = new HazelcastCluster.Settings(
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
    var config = HazelcastCluster.config(
        settings, NodeId.next(), BenchLog.types(), List.of(new MapSpec("logs", true)));
    var begun = System.nanoTime();
    var hazelcast = Hazelcast.newHazelcastInstance(config);
    OUT.printf(
        "{\"hazelcast\":\"%s\",\"start_ms\":%d}%n",
        version(), Duration.ofNanos(System.nanoTime() - begun).toMillis());
    return HazelcastCluster.of(hazelcast, vertx, settings);
  }

  private static String version() {
    return BuildInfoProvider.getBuildInfo().getVersion();
  }

  private static void waitForTheEnd() throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private void measure() throws Exception {
    cell(1_000, 1_024, false);
    cell(1_000, 1_024, true);
    cell(1_000, 64, true);
    cell(1, 1_024, true);
    cell(1_000, 1, true);
  }

  private void cell(int rooms, int outstanding, boolean counted) throws Exception {
    var figures = new ClosedLoop(context, outstanding, CELL, new Talk(rooms)).run(peer);
    if (counted) {
      OUT.printf(
          "{\"hazelcast\":\"%s\",\"parallelism\":%d,\"rooms\":%d,%s}%n",
          version(), ForkJoinPool.getCommonPoolParallelism(), rooms, figures);
    }
  }

  /** One message after the other, in rooms at random. Confined to the bench's context. */
  private final class Talk implements ClosedLoop.Sender {
    private final Random random = new Random(1);
    private final Room[] rooms;
    private int number;

    Talk(int rooms) {
      this.rooms = new Room[rooms];
      Arrays.setAll(this.rooms, i -> new Room("room" + i));
    }

    @Override
    public void send(ClosedLoop loop) {
      rooms[random.nextInt(rooms.length)].say("m" + number++, loop);
    }
  }

  /** One room's waiting messages and its call. */
  private final class Room {
    private final String name;
    private List<BenchLog.Message> waiting = new ArrayList<>();
    private boolean calling;

    Room(String name) {
      this.name = name;
    }

    void say(String id, ClosedLoop loop) {
      waiting.add(new BenchLog.Message(id, DATA));
      if (!calling) {
        call(loop);
      }
    }

    private void call(ClosedLoop loop) {
      calling = true;
      var batch = waiting;
      waiting = new ArrayList<>();
      var begun = System.nanoTime();
      map.submit(name, new BenchLog.Append(batch)).onComplete(answer -> {
        calling = false;
        loop.ended(batch.size(), begun, answer.succeeded());
        if (!waiting.isEmpty()) {
          call(loop);
        }
      });
    }
  }
}
