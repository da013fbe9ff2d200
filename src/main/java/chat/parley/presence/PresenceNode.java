package chat.parley.presence;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.metrics.Metrics;
import chat.parley.room.RoomNode;
import chat.parley.room.Rooms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence on one node: one {@link Presence} per event loop, who of the other nodes is alive, and the housekeeping. Thread-safe: filled at start, read-only
 * afterwards, apart from the set of lost nodes and the table of rosters, which are concurrent.
 */
public final class PresenceNode {
  /** The shared map of all rooms' presence. */
  public static final String MAP = "presence";

  private static final Logger log = LoggerFactory.getLogger(PresenceNode.class);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final Cluster cluster;
  private final RoomNode rooms;
  private final SharedMap<PresenceState> map;
  private final PresenceSettings settings;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private final Map<String, Roster> rosters = new ConcurrentHashMap<>();
  private final Map<Rooms, Presence> loops = new HashMap<>();

  private PresenceNode(
      Vertx vertx,
      Cluster cluster,
      RoomNode rooms,
      PresenceSettings settings,
      InstantSource clock,
      Metrics metrics) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.rooms = rooms;
    this.map = cluster.map(MAP);
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Starts presence beside the rooms, before anybody joins one. */
  public static Future<PresenceNode> start(
      Vertx vertx,
      Cluster cluster,
      RoomNode rooms,
      PresenceSettings settings,
      InstantSource clock,
      Metrics metrics) {
    var node = new PresenceNode(vertx, cluster, rooms, settings, clock, metrics);
    metrics.gauge(
        "parley.presence.rooms",
        "Rooms whose presence this node keeps for the cluster",
        node.map::owned);
    return node.openLoops().map(open -> {
      cluster.onChange(node::changed);
      vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> node.clear());
      return node;
    });
  }

  private Future<Void> openLoops() {
    var opening = new ArrayList<Future<Void>>();
    var opened = new ConcurrentHashMap<Rooms, Presence>();
    for (var loop : rooms.loops()) {
      Promise<Void> open = Promise.promise();
      loop.run(here -> {
        var presence = new Presence(this, vertx, here, map, metrics);
        here.accompany(presence);
        opened.put(here, presence);
        open.complete();
      });
      opening.add(open.future());
    }
    return Future.all(opening).map(all -> {
      loops.putAll(opened);
      return null;
    });
  }

  /** Presence on the calling event loop. */
  public Presence onThisLoop() {
    return at(rooms.onThisLoop());
  }

  Presence at(Rooms loop) {
    return Objects.requireNonNull(loops.get(loop), "Bug: a loop without presence");
  }

  Rooms home(String room) {
    return rooms.home(room);
  }

  String id() {
    return cluster.nodeId();
  }

  long now() {
    return clock.millis();
  }

  PresenceSettings settings() {
    return settings;
  }

  Standing standing(String node) {
    if (cluster.nodes().contains(node)) {
      return Standing.ALIVE;
    }
    return lost.contains(node) ? Standing.LOST : Standing.GONE;
  }

  void opened(String room, Roster roster) {
    rosters.put(room, roster);
  }

  void closed(String room) {
    rosters.remove(room);
  }

  @Nullable
  Roster roster(String room) {
    return rosters.get(room);
  }

  private void changed(Cluster.Change change) {
    var left = change.left();
    lost.addAll(left);
    lost.removeAll(cluster.nodes());
    var both = new HashSet<>(change.joined());
    both.addAll(left);
    loops.forEach((loop, presence) -> loop.run(here -> {
      presence.standingsChanged(both, false);
      presence.compareAll();
    }));
    if (!left.isEmpty()) {
      vertx.setTimer(Math.max(1, settings.lostGrace().toMillis()), timer -> giveUp(left));
    }
  }

  /** Who has not come back elsewhere by now has left. */
  private void giveUp(Set<String> nodes) {
    lost.removeAll(nodes);
    loops.forEach((loop, presence) -> loop.run(here -> presence.standingsChanged(nodes, true)));
    clear();
  }

  /** Nobody shows the seats of the dead, so clearing them away is not urgent. */
  private void clear() {
    if (cluster.keepsHouse()) {
      map.sweep(new Retain(List.copyOf(cluster.nodes())))
          .onFailure(cause -> log.debug("Clearing away has to wait: {}", cause.getMessage()));
    }
  }
}
