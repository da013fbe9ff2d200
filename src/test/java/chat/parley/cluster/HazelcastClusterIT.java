package chat.parley.cluster;

import static chat.parley.cluster.SharedMapContract.answer;
import static chat.parley.cluster.SharedMapContract.await;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What three members do as some of them are killed. */
@Timeout(90)
class HazelcastClusterIT {
  @SuppressWarnings("NullAway.Init") // Each test starts its own.
  private Members members;

  @AfterEach
  void stop() {
    members.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void nothing_acked_is_lost_with_a_killed_member(int count) {
    members = Members.of(count, 0);
    var rooms = vote("ann");
    vote("bob");

    members.kill(0);

    var counts = await(members.member(1).map().submitAll(rooms, new Tally.Count(false)));
    assertThat(counts).hasSize(rooms.size());
    assertThat(counts.values()).allMatch(answer(2, false)::equals);
  }

  /** Hazelcast by itself would let them wait for the whole of this time-out, which is longer than the test's patience. */
  @Test
  void who_waits_for_the_backup_of_a_killed_member_is_told_soon() {
    members = Members.of(3, 0, Map.of("hazelcast.operation.backup.timeout.millis", "60000"));
    vote("bob");
    var map = members.member(1).map();
    var nodes = members.member(1).cluster();
    var answers = new ArrayList<Future<Tally.Answer>>();

    var killing = CompletableFuture.runAsync(() -> members.kill(0));
    while (nodes.nodes().size() == 3) {
      answers.add(map.submit("room" + answers.size(), new Tally.Vote("ann")));
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    killing.join();

    answers.forEach(
        answer -> await(answer.map(true).recover(HazelcastClusterIT::evenThoughDoubtful)));
  }

  private static Future<Boolean> evenThoughDoubtful(Throwable failure) {
    return UnavailableException.isDoubtful(failure)
        ? Future.succeededFuture(false)
        : Future.failedFuture(failure);
  }

  @Test
  void a_sweeps_changes_are_on_the_backups_too() {
    members = Members.of(2, 0);
    var rooms = vote("ann");
    await(members.member(0).map().sweep(new Tally.Vote("bob")));
    members.awaitSafe();

    members.kill(0);

    var counts = await(members.member(1).map().submitAll(rooms, new Tally.Count(false)));
    assertThat(counts.values()).allMatch(answer(2, false)::equals);
  }

  @Test
  void nodes_follow_who_dies_and_who_joins() {
    members = Members.of(3, 0);
    var watcher = members.member(1).cluster();
    var dead = members.member(0).cluster().nodeId();
    var changes = new CopyOnWriteArrayList<Cluster.Change>();
    watcher.onChange(changes::add);
    assertThat(watcher.nodes()).hasSize(3).contains(dead, watcher.nodeId());

    members.kill(0);
    Members.await("the dead node is out", () -> !watcher.nodes().contains(dead));
    members.restart(0);
    var back = members.member(0).cluster().nodeId();
    Members.await("it is back", () -> watcher.nodes().contains(back));

    assertThat(back).isNotEqualTo(dead);
    assertThat(changes)
        .containsExactly(
            new Cluster.Change(Set.of(), Set.of(dead), false),
            new Cluster.Change(Set.of(back), Set.of(), false));
  }

  @Test
  void without_its_quorum_a_node_refuses_for_certain() {
    members = Members.of(3, 2);
    var last = members.member(2);
    await(last.map().submit("room", new Tally.Vote("ann")));
    SharedMap<Tally> unguarded = last.cluster().map("unguarded");

    members.kill(0);
    members.kill(1);
    Members.await("the node is alone", () -> last.cluster().nodes().size() == 1);
    Members.await("it refuses", () -> refuses(last.map()));

    assertThatThrownBy(() -> await(last.map().submit("room", new Tally.Vote("bob"))))
        .isInstanceOfSatisfying(
            UnavailableException.class, told -> assertThat(told.doubtful()).isFalse());
    assertThat(last.cluster().safe()).isFalse();
    assertThat(await(unguarded.submit("room", new Tally.Vote("ann")))).isEqualTo(answer(1, true));
  }

  @Test
  void a_call_to_a_member_that_stopped_is_not_sent() {
    members = Members.of(2, 0);
    var stopped = members.member(0).map();
    members.kill(0);

    assertThatThrownBy(() -> await(stopped.submit("room", new Tally.Vote("ann"))))
        .isInstanceOfSatisfying(
            UnavailableException.class, told -> assertThat(told.doubtful()).isFalse());
  }

  @Test
  void two_halves_that_meet_again_unite_what_both_acked() {
    members = Members.parted(2);
    var told = ConcurrentHashMap.<Integer>newKeySet();
    for (var half : List.of(0, 1)) {
      members.member(half).cluster().onChange(change -> note(change, half, told));
    }
    for (var half = 0; half < 2; half++) {
      var map = members.member(half).map();
      await(map.submit("both", new Tally.Vote("voter" + half)));
      await(map.submit("both", new Tally.Vote("same")));
      await(map.submit("only" + half, new Tally.Vote("ann")));
    }

    members.heal();
    Members.await("both are told of the merge", () -> told.size() == 2);
    Members.await(
        "together",
        () -> members.member(0).cluster().nodes().size() == 2
            && members.member(1).cluster().nodes().size() == 2);
    members.awaitSafe();

    assertUnited(members.member(0).map());
    assertUnited(members.member(1).map());
    members.kill(0);
    Members.await("it is out", () -> members.member(1).cluster().nodes().size() == 1);
    assertUnited(members.member(1).map());
  }

  private static void note(Cluster.Change change, int half, Set<Integer> told) {
    if (change.merged()) {
      told.add(half);
    }
  }

  private static void assertUnited(SharedMap<Tally> map) {
    assertThat(await(map.submit("both", new Tally.Count(false)))).isEqualTo(answer(3, false));
    assertThat(await(map.submit("only0", new Tally.Count(false)))).isEqualTo(answer(1, false));
    assertThat(await(map.submit("only1", new Tally.Count(false)))).isEqualTo(answer(1, false));
  }

  @Test
  void the_first_offer_is_agreed_on() {
    members = Members.of(2, 0);
    assertThat(await(members.member(0).cluster().agree("secret", "first"))).isEqualTo("first");
    assertThat(await(members.member(1).cluster().agree("secret", "second"))).isEqualTo("first");
  }

  @Test
  void members_that_start_at_once_find_each_other() {
    members = Members.atOnce(3);

    assertThat(members.member(0).cluster().nodes()).hasSize(3);
  }

  @Test
  void java_serialization_lets_no_strange_class_in() {
    members = Members.of(1, 0);
    var strange = members.member(0).hazelcast().<String, Object>getMap("strange");
    strange.set("point", new java.awt.Point());

    assertThatThrownBy(() -> strange.get("point")).hasRootCauseInstanceOf(SecurityException.class);
  }

  @Test
  void a_map_that_nobody_named_is_refused() {
    members = Members.of(1, 0);
    assertThatThrownBy(() -> members.member(0).cluster().map("typo"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Set<String> vote(String voter) {
    var rooms = IntStream.range(0, 500).mapToObj(i -> "room" + i).collect(toSet());
    var map = members.member(1).map();
    var votes =
        rooms.stream().map(room -> map.submit(room, new Tally.Vote(voter))).toList();
    assertThat(votes.stream().map(SharedMapContract::await).toList()).allMatch(Tally.Answer::fresh);
    return rooms;
  }

  private static boolean refuses(SharedMap<Tally> map) {
    try {
      await(map.submitAll(List.of("room"), new Tally.Count(false)));
      return false;
    } catch (UnavailableException refused) {
      return true;
    }
  }
}
