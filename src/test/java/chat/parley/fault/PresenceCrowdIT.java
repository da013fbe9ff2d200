package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Watcher;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One room of 5,000 members on two nodes, whose event loops Vert.x's own checker watches. */
class PresenceCrowdIT extends FaultTest {
  private static final int MEMBERS = 5_000;
  /** Handshakes at a time: each node's listen queue, and this process's own loops, have their limits. */
  private static final int AT_ONCE = 100;

  private static final int FULL = 200;
  private static final Duration ALL_JOINED = Duration.ofSeconds(30);
  private static final JsonObject CHECKER = JsonObject.of(
      "blockedThreadCheckInterval",
      50,
      "maxEventLoopExecuteTime",
      Duration.ofMillis(200).toNanos());

  private final List<Watcher> watchers = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void hangUp() {
    watchers.forEach(Watcher::drop);
  }

  @Test
  void five_thousand_join_one_room_within_half_a_minute_and_hear_little_of_one_another() {
    var nodes = TestCluster.of(2)
        .with("PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS", "0")
        .with("PARLEY_PRESENCE_FULL", Integer.toString(FULL))
        .with(List.of("-options", CHECKER.encode()));
    try (var cluster = start(nodes)) {
      // The compiler and the classes are not what is looked at.
      joinAll(cluster, "warm", 500);
      watchers.forEach(Watcher::drop);
      watchers.clear();
      Await.pass(Duration.ofSeconds(4));
      var before = cluster.nodes().stream().map(PresenceCrowdIT::blocked).toList();
      long begun = System.nanoTime();
      joinAll(cluster, "crowd", MEMBERS);
      var joined = Duration.ofNanos(System.nanoTime() - begun);
      Await.until(
          "everybody is told of everybody",
          Duration.ofSeconds(10),
          () -> watchers.stream().allMatch(one -> one.room("crowd").count() == MEMBERS));
      var told = Duration.ofNanos(System.nanoTime() - begun);
      int most = watchers.stream()
          .mapToInt(one -> one.room("crowd").pushes().size())
          .max()
          .orElseThrow();
      var blocked = cluster.nodes().stream().map(PresenceCrowdIT::blocked).toList();
      plan.say(
          "%,d members: all joined after %,d ms, all told of all after %,d ms, at most %d frames to one; blocked loops before and after: %s %s"
              .formatted(MEMBERS, joined.toMillis(), told.toMillis(), most, before, blocked));
      assertThat(joined).isLessThan(plan.within(ALL_JOINED));
      // While the room is small at most 25 a second, and one for each user's coming; then one a
      // second.
      assertThat(most).isLessThan(FULL + (int) told.toSeconds() + 2);
      assertThat(blocked).isEqualTo(before);
      halfOfThemBreakOff();
      assertThat(cluster.nodes().stream().map(PresenceCrowdIT::blocked).toList())
          .isEqualTo(before);
      // Each node says goodbye to whoever is left; that is not what is looked at either.
      watchers.forEach(Watcher::drop);
      Await.pass(Duration.ofSeconds(3));
    }
  }

  private void halfOfThemBreakOff() {
    var staying = new ArrayList<Watcher>();
    for (int i = 0; i < watchers.size(); i++) {
      if (i % 4 < 2) {
        staying.add(watchers.get(i));
      } else {
        watchers.get(i).drop();
      }
    }
    long begun = System.nanoTime();
    Await.until(
        "half are left",
        Duration.ofSeconds(15),
        () -> staying.stream().allMatch(one -> one.room("crowd").count() == staying.size()));
    plan.say("half of them broke off: told after %d ms"
        .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
  }

  private void joinAll(TestCluster cluster, String room, int count) {
    for (int from = 0; from < count; from += AT_ONCE) {
      var joining = new ArrayList<Future<?>>();
      for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
        var node = cluster.node(i % 2).webSocket();
        joining.add(Watcher.connect(vertx, node, room + i).compose(watcher -> {
          watchers.add(watcher.countsOnly());
          return watcher.join(room);
        }));
      }
      Await.result("all join", Future.all(joining), Duration.ofSeconds(60));
    }
  }

  /** How often the checker found a thread of this node blocked. */
  private static long blocked(NodeProcess node) {
    try (var lines = Files.lines(node.log())) {
      return lines.filter(line -> line.contains("has been blocked")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
