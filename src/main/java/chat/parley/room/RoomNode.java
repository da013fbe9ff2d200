package chat.parley.room;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.metrics.Metrics;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of one node: one {@link Rooms} per event loop, the node's address on the event bus, and the housekeeping. Thread-safe: filled at start,
 * read-only afterwards, apart from the set of dead nodes, which is concurrent, and a volatile flag.
 */
public final class RoomNode {
  /** The shared map of all rooms. */
  public static final String MAP = "rooms";

  private static final Logger log = LoggerFactory.getLogger(RoomNode.class);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(60);
  private static final int REMEMBERED_DEAD = 64;

  private final Vertx vertx;
  private final Cluster cluster;
  private final SharedMap<RoomState> map;
  private final RetentionRules retention;
  private final InstantSource clock;
  private final Duration publishTimeout;
  private final Metrics metrics;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private volatile boolean bereaved;
  private List<Rooms> loops = List.of();
  private Map<EventLoop, Rooms> byLoop = Map.of();

  private RoomNode(
      Vertx vertx,
      Cluster cluster,
      RetentionRules retention,
      InstantSource clock,
      Duration publishTimeout,
      Metrics metrics) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.map = cluster.map(MAP);
    this.retention = retention;
    this.clock = clock;
    this.publishTimeout = publishTimeout;
    this.metrics = metrics;
  }

  /**
   * Starts the rooms of this node on every event loop of the Vert.x instance; done when other nodes can reach it.
   *
   * @param publishTimeout how long a publish may wait for its ack
   */
  public static Future<RoomNode> start(
      Vertx vertx,
      Cluster cluster,
      RetentionRules retention,
      InstantSource clock,
      Duration publishTimeout,
      Metrics metrics) {
    var node = new RoomNode(vertx, cluster, retention, clock, publishTimeout, metrics);
    vertx.eventBus().registerCodec(new RoomEventCodec());
    return node.openLoops().compose(open -> node.listen()).map(node);
  }

  private Future<Void> openLoops() {
    var internal = (VertxInternal) vertx;
    var opening = new ArrayList<Future<Rooms>>();
    for (var executor : internal.nettyEventLoopGroup()) {
      var context =
          internal.contextBuilder().withEventLoop((EventLoop) executor).build();
      Promise<Rooms> open = Promise.promise();
      context.runOnContext(now -> open.complete(new Rooms(this, vertx, context, metrics)));
      opening.add(open.future());
    }
    return Future.all(opening).map(all -> {
      loops = all.list();
      byLoop = new HashMap<>();
      loops.forEach(rooms -> byLoop.put(rooms.eventLoop(), rooms));
      return null;
    });
  }

  private Future<Void> listen() {
    cluster.onChange(this::changed);
    vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> keepHouse());
    return vertx
        .eventBus()
        .<Buffer>consumer(Delivery.address(id()), this::received)
        .completion();
  }

  /** How many event loops there are. */
  public int loopCount() {
    return loops.size();
  }

  /** The rooms on the calling event loop. @throws IllegalStateException off the event loops of this Vert.x instance */
  public Rooms onThisLoop() {
    var context = vertx.getOrCreateContext();
    var rooms = byLoop.get(((ContextInternal) context).nettyEventLoop());
    if (rooms == null) {
      throw new IllegalStateException("not on an event loop of this node");
    }
    return rooms;
  }

  /** One for each event loop. */
  public List<Rooms> loops() {
    return loops;
  }

  /** Where a room is at home on this node. */
  public Rooms home(String room) {
    return loops.get(Math.floorMod(room.hashCode(), loops.size()));
  }

  /** The node's id in the cluster. */
  public String id() {
    return cluster.nodeId();
  }

  RoomLog log(Vertx on, RoomLog.Outlet outlet) {
    return new RoomLog(on, map, retention, clock, publishTimeout, metrics, gone::contains, outlet);
  }

  /** By this node's clock. */
  long now() {
    return clock.millis();
  }

  boolean isGone(String nodeId) {
    return gone.contains(nodeId);
  }

  /** Nobody answers at that node's address. If it is no member either, it is dead: its name in an audience is a leftover. */
  void unreachable(String nodeId) {
    if (!cluster.nodes().contains(nodeId)) {
      bury(Set.of(nodeId));
      loops.forEach(rooms -> rooms.run(here -> here.forget(Set.of(nodeId))));
    }
  }

  private void bury(Set<String> nodes) {
    if (gone.size() > REMEMBERED_DEAD) {
      gone.clear(); // whoever is met again is found dead again
    }
    gone.addAll(nodes);
  }

  private void changed(Cluster.Change change) {
    bury(change.left());
    gone.removeAll(cluster.nodes());
    var witnesses = new HashSet<>(cluster.nodes());
    witnesses.removeAll(change.joined());
    if (!change.left().isEmpty() && isFirstOf(witnesses)) {
      bereaved = true;
    }
    for (var rooms : loops) {
      rooms.run(here -> here.clusterChanged(change.left()));
    }
  }

  private void received(Message<Buffer> message) {
    List<Parcel> parcels;
    try {
      parcels = Parcel.parse(message.body());
    } catch (RuntimeException e) {
      log.warn("A bus message was not understood and is dropped: {}", e.getMessage());
      message.fail(1, "not understood");
      return;
    }
    var byHome = new HashMap<Rooms, List<Parcel>>();
    parcels.forEach(parcel ->
        byHome.computeIfAbsent(home(parcel.room()), key -> new ArrayList<>()).add(parcel));
    // Confirmed when all of it was dealt with, so that a loop which lags slows the sender down.
    var open = new AtomicInteger(byHome.size());
    byHome.forEach((rooms, theirs) -> rooms.run(here -> {
      theirs.forEach(here::received);
      if (open.decrementAndGet() == 0) {
        message.reply(null);
      }
    }));
  }

  /**
   * One node of the cluster keeps house for all: the one whose id comes first. A loss is another matter: who came after it
   * does not know the dead, so the first of those that saw it looks through the rooms once more.
   */
  void keepHouse() {
    if (bereaved || cluster.keepsHouse()) {
      bereaved = false;
      map.sweep(new Expire(clock.millis(), retention, List.copyOf(gone))).onFailure(cause -> {
        bereaved = true;
        log.debug("Housekeeping has to wait: {}", cause.getMessage());
      });
    }
  }

  private boolean isFirstOf(Set<String> nodes) {
    return nodes.stream().allMatch(other -> id().compareTo(other) <= 0);
  }

  /** A page of all rooms of the cluster; {@code cursor} from the page before, or null. */
  public Future<Listing.Page> list(@Nullable String cursor, int limit) {
    return Listing.read(map, cursor, limit);
  }

  /** Rooms with members on this node. Asked of each event loop, so it takes a moment. */
  public Future<Integer> roomCount() {
    var parts = new ArrayList<Future<Integer>>();
    for (var rooms : loops) {
      Promise<Integer> answer = Promise.promise();
      rooms.run(here -> answer.complete(here.feedCount()));
      parts.add(answer.future());
    }
    return Future.all(parts)
        .map(all -> all.<Integer>list().stream().mapToInt(Integer::intValue).sum());
  }

  /** Bytes that wait for other nodes. May be called from any thread. */
  public long queuedBytes() {
    return metrics.busQueuedBytes();
  }
}
