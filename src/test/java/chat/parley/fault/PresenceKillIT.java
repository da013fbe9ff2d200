package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Watcher;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three nodes, 300 users in 30 rooms, and one node dies or stands still: how long the others' lists are wrong, measured at each client. */
class PresenceKillIT extends FaultTest {
  private static final int ROOMS = 30;
  private static final int USERS = 300;
  private static final Duration GLANCE = Duration.ofMillis(10);

  private final List<Watcher> watchers = new ArrayList<>();

  @AfterEach
  void hangUp() {
    watchers.forEach(Watcher::drop);
  }

  @Test
  void the_users_of_a_killed_node_are_off_every_list_within_two_seconds() {
    try (var cluster = populated("-kill")) {
      var times = untilRight(cluster, () -> cluster.kill(1));
      plan.say("lists right after SIGKILL: " + times);
      assertThat(times.longest()).isLessThan(plan.within(Duration.ofSeconds(2)));
    }
  }

  @Test
  void the_users_of_a_frozen_node_are_off_every_list_within_ten_seconds_and_back_after_it() {
    try (var cluster = populated("-freeze")) {
      var times = untilRight(cluster, () -> cluster.node(1).freeze());
      plan.say("lists right after SIGSTOP: " + times);
      assertThat(times.longest()).isLessThan(plan.within(Duration.ofSeconds(10)));
      cluster.node(1).thaw();
      long begun = System.nanoTime();
      Await.until(
          "all are on all lists again",
          Duration.ofSeconds(60),
          () -> wrong(watchers, watchers).isEmpty());
      plan.say("lists right after SIGCONT: "
          + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
    }
  }

  private TestCluster populated(String how) {
    var cluster = start(TestCluster.of(3), how);
    var joining = new ArrayList<Future<?>>();
    for (int i = 0; i < USERS; i++) {
      var room = "room" + i % ROOMS;
      var node = cluster.node(i / ROOMS % 3).webSocket();
      joining.add(Watcher.connect(vertx, node, "user" + i).compose(watcher -> {
        synchronized (watchers) {
          watchers.add(watcher);
        }
        return watcher.join(room);
      }));
    }
    Await.result("all join", Future.all(joining), Duration.ofSeconds(60));
    watchers.sort(Comparator.comparing(watcher -> Integer.valueOf(watcher.user().substring(4))));
    Await.until(
        "all see all", Duration.ofSeconds(30), () -> wrong(watchers, watchers).isEmpty());
    return cluster;
  }

  private Figures untilRight(TestCluster cluster, Runnable trouble) {
    var staying = IntStream.range(0, USERS)
        .filter(i -> i / ROOMS % 3 != 1)
        .mapToObj(watchers::get)
        .toList();
    long begun = System.nanoTime();
    trouble.run();
    // The last look that found a client's list wrong, not the first that found it right.
    var wrongAt = new TreeMap<String, Long>();
    Await.until("all lists are right", Duration.ofSeconds(30), () -> {
      Await.pass(GLANCE);
      var wrong = wrong(staying, staying);
      wrong.forEach(user -> wrongAt.put(user, System.nanoTime() - begun));
      return wrong.isEmpty();
    });
    assertThat(wrongAt)
        .as("clients of " + cluster.members() + " that noticed")
        .hasSameSizeAs(staying);
    return Figures.of(wrongAt.values().stream().map(Duration::ofNanos));
  }

  /** Those of the clients whose list is not just who is there. */
  private static List<String> wrong(List<Watcher> clients, List<Watcher> there) {
    var truth = new TreeMap<String, Map<String, String>>();
    there.forEach(watcher -> rooms(watcher)
        .forEach(room ->
            truth.computeIfAbsent(room, r -> new TreeMap<>()).put(watcher.user(), "online")));
    return clients.stream()
        .filter(watcher ->
            rooms(watcher).anyMatch(room -> !watcher.room(room).users().equals(truth.get(room))))
        .map(Watcher::user)
        .toList();
  }

  private static Stream<String> rooms(Watcher watcher) {
    return watcher.rooms().keySet().stream();
  }
}
