package chat.parley.room;

import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.MapSpec;
import chat.parley.cluster.NodeId;
import chat.parley.cluster.WireTypes;
import chat.parley.metrics.Metrics;
import chat.parley.room.LogEntry.Draft;
import com.hazelcast.core.Hazelcast;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How many messages a second the server's own {@link RoomLog} gets acked by a cluster of two processes: 200 bytes each, one backup, so many
 * outstanding over so many rooms. {@code member PORT PEER} waits until its input ends; {@code driver PORT PEER PEER_PID} measures and
 * prints one JSON line per cell. {@code src/bench/roomlog.sh} runs both.
 */
public final class RoomLogBench {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final Duration CELL = Duration.ofSeconds(5);
  private static final byte[] DATA =
      ("\"" + "x".repeat(198) + "\"").getBytes(StandardCharsets.UTF_8);

  private final Context context;
  private final RoomLog log;
  private final ProcessHandle peer;

  private RoomLogBench(Context context, RoomLog log, ProcessHandle peer) {
    this.context = context;
    this.log = log;
    this.peer = peer;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    var vertx = Vertx.vertx();
    var cluster = start(vertx, Integer.parseInt(args[1]), args[2]);
    if (args[0].equals("member")) {
      System.in.transferTo(OutputStream.nullOutputStream());
    } else {
      while (cluster.nodes().size() < 2 || !cluster.safe()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      var peer = ProcessHandle.of(Long.parseLong(args[3])).orElseThrow();
      var context = vertx.getOrCreateContext();
      var opened = new CompletableFuture<RoomLog>();
      context.runOnContext(now -> opened.complete(open(vertx, cluster)));
      new RoomLogBench(context, opened.get(5, TimeUnit.SECONDS), peer).measure();
    }
    Runtime.getRuntime().halt(0);
  }

  private static HazelcastCluster start(Vertx vertx, int port, String peer) {
    var settings = new HazelcastCluster.Settings(
        "127.0.0.1", port, 0, List.of("127.0.0.1:" + port, peer), "", 1, 0, "parley-bench");
    var types = new WireTypes();
    RoomTypes.register(types);
    var config = HazelcastCluster.config(
        settings, NodeId.next(), types, List.of(new MapSpec(RoomNode.MAP, true)));
    return HazelcastCluster.of(Hazelcast.newHazelcastInstance(config), vertx, settings);
  }

  private static RoomLog open(Vertx vertx, HazelcastCluster cluster) {
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
        new Nobody());
  }

  /** Nobody listens: the log alone is measured. */
  private static final class Nobody implements RoomLog.Outlet {
    @Override
    public void accepted(String room, String[] audience, RoomEvent.Messages messages) {}

    @Override
    public void signalled(String room, String[] audience, RoomEvent.Signals signals) {}

    @Override
    public void doubtful(String room, String[] audience) {}
  }

  private void measure() throws Exception {
    cell(1_000, 1_024, false);
    cell(1, 1_024, false);
    for (int round = 0; round < 3; round++) {
      cell(1_000, 1_024, true);
      cell(50, 1_024, true);
      cell(1, 1_024, true);
      cell(1_000, 64, true);
      cell(1, 1, true);
    }
  }

  private void cell(int rooms, int outstanding, boolean counted) throws Exception {
    var load = new Load(rooms, outstanding, System.nanoTime() + CELL.toNanos());
    var cpu = cpu();
    long begun = System.nanoTime();
    context.runOnContext(now -> load.begin());
    load.done.get(60, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double cpuSeconds = cpu().minus(cpu).toNanos() / 1e9;
    if (counted) {
      OUT.printf(
          "{\"rooms\":%d,\"outstanding\":%d,\"acked_per_s\":%.0f,\"acked_per_cpu_s\":%.0f,\"p50_us\":%d,\"p99_us\":%d,\"failed\":%d}%n",
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

  /** So many messages always outstanding until the time is over. Confined to its context. */
  private final class Load {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Random random = new Random(1);
    private final int rooms;
    private final int outstanding;
    private final long end;
    private final long[] samples = new long[1 << 20];
    private long acked;
    private long failed;
    private int flying;
    private long number;
    private boolean again;
    private int owed;

    Load(int rooms, int outstanding, long end) {
      this.rooms = rooms;
      this.outstanding = outstanding;
      this.end = end;
    }

    void begin() {
      for (int i = 0; i < outstanding; i++) {
        next();
      }
    }

    private void next() {
      flying++;
      long begun = System.nanoTime();
      var draft = new Draft("user" + number % 97, null, end + "." + number++, DATA);
      log.append("room" + random.nextInt(rooms), draft, null).onComplete(answer -> {
        flying--;
        samples[(int) ((acked + failed) & (samples.length - 1))] = System.nanoTime() - begun;
        if (answer.succeeded()) {
          acked++;
        } else {
          failed++;
        }
        owe();
      });
    }

    /** What was answered in this turn is asked for anew at its end, as sessions would. */
    private void owe() {
      owed++;
      if (!again) {
        again = true;
        context.runOnContext(now -> pay());
      }
    }

    private void pay() {
      again = false;
      int n = owed;
      owed = 0;
      if (System.nanoTime() < end) {
        for (int i = 0; i < n; i++) {
          next();
        }
      } else if (flying == 0) {
        done.complete(null);
      }
    }

    long micros(double quantile) {
      int n = (int) Math.min(samples.length, acked + failed);
      var sorted = Arrays.copyOf(samples, n);
      Arrays.sort(sorted);
      return sorted[(int) (n * quantile)] / 1_000;
    }
  }
}
