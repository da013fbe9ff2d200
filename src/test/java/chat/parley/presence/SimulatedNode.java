package chat.parley.presence;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.presence.Report.Reported;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ServerFrame;
import chat.parley.testing.PresenceList;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One node of a {@link SimulatedCluster}: the real presence of one room, the sessions that are open here, and one member that keeps the list as a client does. Confined to
 * the test's thread.
 */
final class SimulatedNode implements RoomPresence.Surroundings {
  final String id;
  final PresenceList list = new PresenceList();
  final Map<String, String> sessions = new HashMap<>();
  final Set<String> alive = new HashSet<>();
  final Set<String> lost = new HashSet<>();
  final RoomPresence presence;
  boolean frozen;
  int side;
  int repairs;
  private final SimulatedCluster cluster;
  private final List<Runnable> thawing = new ArrayList<>();

  SimulatedNode(SimulatedCluster cluster, String id) {
    this.cluster = cluster;
    this.id = id;
    presence = new RoomPresence(
        SimulatedCluster.ROOM, this, new PresenceSettings(Duration.ofSeconds(2), cluster.full));
    alive.add(id);
  }

  /** Its one member that looks. */
  void begin() {
    presence.attach();
    enter(id + "-viewer", "viewer of " + id);
    askAnew();
  }

  /** The member that looks has joined anew. */
  void askAnew() {
    list.joined();
    ask();
  }

  void enter(String session, String user) {
    sessions.put(session, user);
    whenAwake(() -> presence.enter(session, user, null));
  }

  void leave(String session) {
    sessions.remove(session);
    whenAwake(() -> presence.leave(session));
  }

  void lose(String session) {
    sessions.remove(session);
    whenAwake(() -> presence.lose(session));
  }

  /** Others came or went, as this node notices. */
  void sees(Set<String> now) {
    whenAwake(() -> {
      var changed = new HashSet<>(now);
      changed.addAll(alive);
      var left = new HashSet<>(alive);
      left.removeAll(now);
      alive.clear();
      alive.addAll(now);
      lost.addAll(left);
      lost.removeAll(now);
      presence.standingsChanged(changed, false);
      presence.check();
      if (!left.isEmpty()) {
        later(PresenceSettings.LOST_GRACE, () -> {
          lost.removeAll(left);
          presence.standingsChanged(left, true);
        });
      }
    });
  }

  void thaw() {
    frozen = false;
    var due = List.copyOf(thawing);
    thawing.clear();
    due.forEach(Runnable::run);
  }

  void whenAwake(Runnable task) {
    if (frozen) {
      thawing.add(task);
    } else if (cluster.lives(this)) {
      task.run();
    }
  }

  private void ask() {
    presence.list(null, FrameCodec.MAX_USERS).onSuccess(page -> {
      var answer = new ServerFrame.Present(
          "1", SimulatedCluster.ROOM, page.version(), page.count(), page.users(), page.more());
      if (list.answered(json(FrameCodec.encode(answer)))) {
        ask();
      }
    });
  }

  private static JsonObject json(byte[] frame) {
    return new JsonObject(Buffer.buffer(frame));
  }

  @Override
  public void announce(String room, byte[] frame) {
    if (!cluster.losesPush() && list.pushed(json(frame))) {
      ask();
    }
  }

  @Override
  public String nodeId() {
    return id;
  }

  @Override
  public Standing standing(String node) {
    return alive.contains(node)
        ? Standing.ALIVE
        : lost.contains(node) ? Standing.LOST : Standing.GONE;
  }

  @Override
  public long now() {
    return cluster.now();
  }

  @Override
  public String freshEpoch() {
    return cluster.freshName();
  }

  private <R extends Wire> Future<R> call(Operation<PresenceState, R> operation) {
    return cluster.call(this, operation);
  }

  @Override
  public Future<Reported> report(String room, Report report) {
    return call(report);
  }

  @Override
  public Future<Seats> read(String room) {
    return call(new ReadSeats());
  }

  @Override
  public Future<Mark> glance(String room) {
    return call(new Glance());
  }

  @Override
  public void tell(String room, List<String> nodes, Delta delta) {
    nodes.forEach(node -> cluster.carry(this, node, delta));
  }

  @Override
  public void atEndOfTurn(Runnable task) {
    later(Duration.ofMillis(1), task);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    cluster.time.later(delay, () -> whenAwake(task));
  }

  @Override
  public void repaired() {
    repairs++;
  }
}
