package chat.parley.bench;

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
import java.util.concurrent.CompletableFuture;
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
        "127.0.0.1", port, 0, List.of("127.0.0.1:" + port, peer), "", 1, 0, "parley-bench");
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
    var load = new Load(rooms, System.nanoTime() + CELL.toNanos(), outstanding);
    var cpu = cpu();
    var begun = System.nanoTime();
    context.runOnContext(ignored -> load.begin());
    load.done.get(60, TimeUnit.SECONDS);
    var seconds = (System.nanoTime() - begun) / 1e9;
    var cpuSeconds = cpu().minus(cpu).toNanos() / 1e9;
    if (counted) {
      OUT.printf(
          "{\"hazelcast\":\"%s\",\"parallelism\":%d,\"rooms\":%d,\"outstanding\":%d,\"per_s\":%.0f,"
              + "\"per_cpu_s\":%.0f,\"call_p50_us\":%d,\"call_p99_us\":%d,\"failed\":%d}%n",
          version(),
          ForkJoinPool.getCommonPoolParallelism(),
          rooms,
          outstanding,
          load.acked / seconds,
          load.acked / cpuSeconds,
          load.micros(0.5),
          load.micros(0.99),
          load.failed);
    }
  }

  /** Of both processes: it hardly moves when somebody else uses the machine. */
  private Duration cpu() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .orElseThrow()
        .plus(peer.info().totalCpuDuration().orElseThrow());
  }

  /** So many messages always under way, until the time is over. Confined to its context. */
  private final class Load {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Random random = new Random(1);
    private final Room[] rooms;
    private final long end;
    private final int outstanding;
    private long[] latencies = new long[1 << 16];
    private int samples;
    private int underWay;
    private int number;
    private long acked;
    private long failed;

    Load(int rooms, long end, int outstanding) {
      this.rooms = new Room[rooms];
      this.end = end;
      this.outstanding = outstanding;
      Arrays.setAll(this.rooms, i -> new Room(this, "room" + i));
    }

    void begin() {
      for (var i = 0; i < outstanding; i++) {
        next();
      }
    }

    void next() {
      underWay++;
      rooms[random.nextInt(rooms.length)].say("m" + number++);
    }

    void ended(int count, long begun, boolean ok) {
      underWay -= count;
      acked += ok ? count : 0;
      failed += ok ? 0 : count;
      if (samples == latencies.length) {
        latencies = Arrays.copyOf(latencies, samples * 2);
      }
      latencies[samples++] = System.nanoTime() - begun;
      if (System.nanoTime() < end) {
        for (var i = 0; i < count; i++) {
          next();
        }
      } else if (underWay == 0) {
        done.complete(null);
      }
    }

    long micros(double quantile) {
      Arrays.sort(latencies, 0, samples);
      return latencies[(int) (samples * quantile)] / 1_000;
    }
  }

  /** One room's waiting messages and its call. */
  private final class Room {
    private final Load load;
    private final String name;
    private List<BenchLog.Message> waiting = new ArrayList<>();
    private boolean calling;

    Room(Load load, String name) {
      this.load = load;
      this.name = name;
    }

    void say(String id) {
      waiting.add(new BenchLog.Message(id, DATA));
      if (!calling) {
        call();
      }
    }

    private void call() {
      calling = true;
      var batch = waiting;
      waiting = new ArrayList<>();
      var begun = System.nanoTime();
      map.submit(name, new BenchLog.Append(batch)).onComplete(answer -> {
        calling = false;
        load.ended(batch.size(), begun, answer.succeeded());
        if (!calling && !waiting.isEmpty()) {
          call();
        }
      });
    }
  }
}
