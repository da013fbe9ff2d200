package chat.parley.presence;

import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Operation;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.UnavailableException;
import chat.parley.cluster.Wire;
import chat.parley.testing.Await;
import chat.parley.testing.HandTurnedTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with one room between them, and all that can go wrong, at random and in time that passes as fast as it is computed: answers are late or lost, changes
 * get lost or overtake each other, nodes die, stand still, and are parted. Confined to the test's thread.
 */
final class SimulatedCluster {
  static final String ROOM = "room";

  final HandTurnedTime time = new HandTurnedTime();
  final List<SimulatedNode> nodes = new ArrayList<>();
  final int full;
  private final Random random;
  private final List<SharedMap<PresenceState>> sides = new ArrayList<>();
  private long now;
  private int names;
  private boolean troubled = true;

  SimulatedCluster(Random random, int size, int full) {
    this.random = random;
    this.full = full;
    sides.add(new LocalCluster("a").map("presence"));
    sides.add(new LocalCluster("b").map("presence"));
    for (int i = 0; i < size; i++) {
      start();
    }
  }

  /** Another half's value comes to this one's, or takes its place. */
  record Bring(Seats other, boolean merged) implements Operation<PresenceState, Mark> {
    @Override
    public Mark apply(Slot<PresenceState> slot) {
      var here = slot.get();
      var there = PresenceStateTest.state(other);
      if (!other.epoch().isEmpty()) {
        slot.put(here == null || !merged ? there : here.merge(there));
      } else if (!merged) {
        slot.remove();
      }
      return Mark.NONE;
    }

    @Override
    public void write(java.io.DataOutput out) {
      throw new UnsupportedOperationException("it never travels");
    }
  }

  SimulatedNode start() {
    var node = new SimulatedNode(this, "n" + ++names);
    nodes.add(node);
    tellWhoIsThere();
    node.begin();
    return node;
  }

  boolean lives(SimulatedNode node) {
    return nodes.contains(node);
  }

  long now() {
    return now;
  }

  String freshName() {
    return "e" + ++names;
  }

  boolean losesPush() {
    return troubled && random.nextInt(4) == 0;
  }

  /** Everybody notices who is on its side and does not stand still. */
  void tellWhoIsThere() {
    for (var node : nodes) {
      node.sees(nodes.stream()
          .filter(other -> other == node || (other.side == node.side && !other.frozen))
          .map(other -> other.id)
          .collect(Collectors.toSet()));
    }
    for (int side = 0; side < 2; side++) {
      var first = firstOf(side);
      if (first != null) {
        // The dead ones' seats are cleared away some time later.
        first.later(
            Duration.ofSeconds(1), () -> map(first).sweep(new Retain(List.copyOf(first.alive))));
      }
    }
  }

  private @Nullable SimulatedNode firstOf(int side) {
    return nodes.stream()
        .filter(node -> node.side == side && !node.frozen)
        .findFirst()
        .orElse(null);
  }

  SharedMap<PresenceState> map(SimulatedNode node) {
    return sides.get(node.side);
  }

  <R extends Wire> Future<R> call(SimulatedNode from, Operation<PresenceState, R> operation) {
    Promise<R> answer = Promise.promise();
    int fault = troubled ? random.nextInt(20) : 20;
    from.later(Duration.ofMillis(random.nextInt(3)), () -> {
      Future<R> done = fault == 0
          ? Future.failedFuture(new UnavailableException(true, "never got there", null))
          : map(from).submit(ROOM, operation);
      from.later(Duration.ofMillis(random.nextInt(5)), () -> {
        if (fault == 1) {
          answer.fail(new UnavailableException(true, "its answer was lost", null));
        } else {
          done.onComplete(answer);
        }
      });
    });
    return answer.future();
  }

  void carry(SimulatedNode from, String to, Delta delta) {
    if (troubled && random.nextInt(5) == 0) {
      return;
    }
    int delay = troubled ? random.nextInt(80) : 1;
    var bytes = delta.encode();
    time.later(
        Duration.ofMillis(delay),
        () -> nodes.stream()
            .filter(node -> node.id.equals(to) && node.side == from.side)
            .forEach(node -> node.whenAwake(() -> node.presence.heard(Delta.decode(bytes)))));
  }

  void pass(int millis) {
    for (int i = 0; i < millis; i++) {
      now++;
      time.pass(Duration.ofMillis(1));
      if (now % 1_000 == 0) {
        List.copyOf(nodes).forEach(node -> node.whenAwake(node.presence::check));
      }
    }
  }

  void kill(SimulatedNode node) {
    nodes.remove(node);
    time.later(Duration.ofMillis(300), this::tellWhoIsThere);
  }

  void freeze(SimulatedNode node) {
    node.frozen = true;
    time.later(Duration.ofSeconds(8), this::tellWhoIsThere);
  }

  void thaw(SimulatedNode node) {
    node.thaw();
    time.later(Duration.ofSeconds(1), this::tellWhoIsThere);
  }

  boolean isParted() {
    return nodes.stream().anyMatch(node -> node.side == 1);
  }

  void part() {
    bring(sides.get(0), sides.get(1), false);
    for (var node : nodes.subList(1, nodes.size())) {
      node.side = random.nextInt(2);
    }
    tellWhoIsThere();
  }

  void heal() {
    bring(sides.get(1), sides.get(0), true);
    nodes.forEach(node -> node.side = 0);
    tellWhoIsThere();
  }

  private static void bring(
      SharedMap<PresenceState> from, SharedMap<PresenceState> to, boolean merged) {
    var seats = Await.result("seats", from.submit(ROOM, new ReadSeats()));
    Await.result("bringing them", to.submit(ROOM, new Bring(seats, merged)));
  }

  /** From now on nothing goes wrong. */
  void calm() {
    troubled = false;
    nodes.stream().filter(node -> node.frozen).toList().forEach(this::thaw);
    if (isParted()) {
      heal();
    }
  }

  /** Who has an open session. */
  Map<String, String> truth() {
    var users = new TreeMap<String, String>();
    nodes.forEach(node -> node.sessions.values().forEach(user -> users.put(user, "online")));
    return users;
  }

  /** The sessions for which the cluster keeps a seat. */
  Set<String> kept() {
    var seats = Await.result("seats", sides.get(0).submit(ROOM, new ReadSeats()));
    return seats.seats().stream().map(Seat::session).collect(Collectors.toCollection(TreeSet::new));
  }

  Set<String> open() {
    var all = new TreeSet<String>();
    nodes.forEach(node -> all.addAll(node.sessions.keySet()));
    return new HashSet<>(all);
  }
}
