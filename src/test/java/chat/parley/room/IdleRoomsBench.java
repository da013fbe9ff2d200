package chat.parley.room;

import chat.parley.cluster.HazelcastCluster;
import chat.parley.cluster.LocalCluster;
import chat.parley.metrics.Metrics;
import chat.parley.room.LogEntry.Draft;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a room costs on the heap while nobody says anything: per room and replica where two members keep each room (both in this process, but with no object in
 * common), and per room with one member that is connected to a node. One JSON line per state of the rooms; {@code src/bench/idle-rooms.sh} runs it.
 */
public final class IdleRoomsBench {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final int ROOMS = 100_000;
  private static final int AT_ONCE = 500;
  private static final byte[] DATA =
      "{\"text\":\"About as much as people say at a time\"}".getBytes(StandardCharsets.UTF_8);

  private IdleRoomsBench() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    var vertx = Vertx.vertx();
    replicas(vertx, Integer.parseInt(args[0]));
    members(vertx);
    Runtime.getRuntime().halt(0);
  }

  private static void replicas(Vertx vertx, int port) throws Exception {
    var settings = RoomLogBench.settings(port, "127.0.0.1:" + (port + 1));
    var one = RoomLogBench.start(settings);
    RoomLogBench.start(RoomLogBench.settings(port + 1, "127.0.0.1:" + port));
    var cluster = HazelcastCluster.of(one, vertx, settings);
    RoomLogBench.whole(one, cluster);
    var context = vertx.getOrCreateContext();
    var log = result(on(context, () -> Future.succeededFuture(RoomLogBench.open(vertx, cluster))));
    long before = used();
    each(context, room -> log.watch(room, "node").compose(seen -> log.unwatch(room, "node")));
    before = tell("empty, per replica", 2, before);
    each(context, room -> log.append(room, draft(room, 0), null));
    before = tell("the first message, per replica", 2, before);
    for (int i = 1; i < 10; i++) {
      int number = i;
      each(context, room -> log.append(room, draft(room, number), null));
    }
    tell("nine more messages, per replica", 2, before);
    one.getCluster().shutdown();
  }

  private static Draft draft(String room, int number) {
    return new Draft("guest-" + room, "Ann", "aj_RhpHgXKaC_rxanDHn0A." + number, DATA);
  }

  private static void members(Vertx vertx) throws Exception {
    var node = result(RoomNode.start(
        vertx,
        new LocalCluster("node"),
        new RetentionRules(new Retention(1_000, 86_400_000, 100_000), List.of()),
        InstantSource.system(),
        Duration.ofSeconds(5),
        new Metrics(new SimpleMeterRegistry())));
    var context = vertx.getOrCreateContext();
    var rooms = result(on(context, () -> Future.succeededFuture(node.onThisLoop())));
    long before = used();
    each(context, room -> rooms.join(room, new Quiet(line -> {}), null, 0, joined -> {}));
    tell("with one member, at the member's node, its own replica counted in", 1, before);
  }

  /** The call for each room, so many at a time. */
  private static void each(Context context, Function<String, Future<?>> call) throws Exception {
    for (int from = 0; from < ROOMS; from += AT_ONCE) {
      int first = from;
      result(on(context, () -> {
        var calls = new ArrayList<Future<?>>();
        for (int i = first; i < first + AT_ONCE; i++) {
          calls.add(call.apply("room-" + i));
        }
        return Future.all(calls).mapEmpty();
      }));
    }
  }

  private static <T> Future<T> on(Context context, Supplier<Future<T>> step) {
    Promise<T> done = Promise.promise();
    context.runOnContext(now -> step.get().onComplete(done));
    return done.future();
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static long tell(String what, int replicas, long before) throws Exception {
    long now = used();
    OUT.printf(
        "{\"rooms\":%d,\"what\":\"%s\",\"bytes\":%d}%n",
        ROOMS, what, (now - before) / ROOMS / replicas);
    return now;
  }

  /** The heap that is in use once what was under way has been dealt with. */
  private static long used() throws Exception {
    TimeUnit.SECONDS.sleep(2);
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
