package chat.parley.presence;

import chat.parley.cluster.SharedMap;
import chat.parley.metrics.Metrics;
import chat.parley.presence.Report.Reported;
import chat.parley.protocol.ServerFrame;
import chat.parley.room.Companion;
import chat.parley.room.Rooms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence as one event loop sees it: what its sessions do in any room, and all that concerns the rooms that are at home here. Confined to its event
 * loop.
 */
public final class Presence implements Companion {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  /** How many rooms are compared with the cluster by one call. */
  private static final int SLICE = 200;

  /** For so long a joining may wait to be told who is there. */
  private static final Duration TIME_TO_LOOK = Duration.ofMillis(500);

  private static final Duration RETRY = Duration.ofMillis(500);

  /** Who is in a room: a page of users, the number of the last frame that told of changes, and how many users there are in all. */
  public record Listing(long version, int count, List<ServerFrame.User> users, boolean more) {}

  private final PresenceNode node;
  private final Vertx vertx;
  private final Rooms loop;
  private final SharedMap<PresenceState> map;
  private final Metrics metrics;
  private final Map<String, RoomPresence> rooms = new HashMap<>();
  private final HomeSurroundings surroundings = new HomeSurroundings();
  private List<String> slice = List.of();
  /** A later comparison of all rooms takes the place of one that is still under way. */
  private int rounds;

  /** What the rooms at home here need. */
  private final class HomeSurroundings implements RoomPresence.Surroundings {
    @Override
    public String nodeId() {
      return node.id();
    }

    @Override
    public Standing standing(String other) {
      return node.standing(other);
    }

    @Override
    public long now() {
      return node.now();
    }

    @Override
    public String freshEpoch() {
      return UUID.randomUUID().toString();
    }

    @Override
    public Future<Reported> report(String room, Report report) {
      return submitted(room, map.submit(room, report));
    }

    @Override
    public Future<Seats> read(String room) {
      return submitted(room, map.submit(room, new ReadSeats()));
    }

    @Override
    public Future<Mark> glance(String room) {
      return submitted(room, map.submit(room, new Glance()));
    }

    private <T> Future<T> submitted(String room, Future<T> call) {
      return call.onFailure(
          cause -> log.debug("Presence of {} has to wait: {}", room, cause.getMessage()));
    }

    @Override
    public void tell(String room, List<String> nodes, Delta delta) {
      if (!nodes.isEmpty()) {
        loop.tell(room, nodes.toArray(String[]::new), delta.encode());
      }
    }

    @Override
    public void announce(String room, byte[] json) {
      metrics.presencePushed();
      loop.announce(room, json);
    }

    @Override
    public void atEndOfTurn(Runnable task) {
      loop.turn().atEnd(task);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
    }

    @Override
    public void repaired() {
      metrics.presenceRepaired();
    }
  }

  Presence(
      PresenceNode node, Vertx vertx, Rooms loop, SharedMap<PresenceState> map, Metrics metrics) {
    this.node = node;
    this.vertx = vertx;
    this.loop = loop;
    this.map = map;
    this.metrics = metrics;
    vertx.setPeriodic(1_000, timer -> compareSome());
  }

  /** How many users are in the room as far as this node knows, this one included. */
  public long count(String room, String user) {
    var roster = node.roster(room);
    return roster == null ? 1 : roster.count() + (roster.has(user) ? 0 : 1);
  }

  /** A session of this node has joined the room. */
  public void enter(String room, String session, String user, @Nullable String name) {
    atHome(room, home -> home.room(room).enter(session, user, name));
  }

  /** The session has left the room, and meant to. */
  public void leave(String room, String session) {
    atHome(room, home -> home.room(room).leave(session));
  }

  /** The session's connection broke: perhaps its user comes back with another one. */
  public void lose(String room, String session) {
    atHome(room, home -> home.room(room).lose(session));
  }

  /** The users in a room, by name: the first ones, or the first after {@code after}. In a room where this node has no members that costs a look at the cluster. */
  public Future<Listing> list(String room, @Nullable String after, int limit) {
    return loop.atHome(room, home -> node.at(home).room(room).list(after, limit));
  }

  private void atHome(String room, Consumer<Presence> task) {
    node.home(room).run(home -> task.accept(node.at(home)));
  }

  private RoomPresence room(String room) {
    return rooms.computeIfAbsent(room, name -> {
      var opened = new RoomPresence(name, surroundings, node.settings());
      node.opened(name, opened.roster());
      return opened;
    });
  }

  @Override
  public Future<Void> attach(String room) {
    Promise<Void> known = Promise.promise();
    room(room).attach().onComplete(done -> known.tryComplete());
    if (!known.future().isComplete()) {
      // Who says something must not wait for us for long.
      vertx.setTimer(TIME_TO_LOOK.toMillis(), timer -> known.tryComplete());
    }
    return known.future();
  }

  @Override
  public void detach(String room) {
    var present = rooms.get(room);
    if (present != null) {
      present.detach();
    }
  }

  @Override
  public void told(String room, byte[] message) {
    var present = rooms.get(room);
    if (present == null) {
      return;
    }
    try {
      present.heard(Delta.decode(message));
    } catch (IllegalArgumentException unknown) {
      log.warn("A change of presence was not understood: {}", unknown.getMessage());
      present.check();
    }
  }

  @Override
  public void check(String room) {
    var present = rooms.get(room);
    if (present != null) {
      present.check();
    }
  }

  /** Those nodes came or went. */
  void standingsChanged(Set<String> nodes, boolean clear) {
    rooms.values().forEach(present -> present.standingsChanged(nodes, clear));
  }

  /** Lets go what nobody needs, and compares some of the rooms with the cluster; call by call all of them get their turn. */
  private void compareSome() {
    rooms.entrySet().removeIf(room -> {
      boolean idle = room.getValue().isIdle();
      if (idle) {
        node.closed(room.getKey());
      }
      return idle;
    });
    if (slice.isEmpty()) {
      slice = new ArrayList<>(rooms.keySet());
    }
    int n = Math.min(SLICE, slice.size());
    compare(slice.subList(0, n))
        .onFailure(cause -> log.debug("Presence can't be compared: {}", cause.getMessage()));
    slice = slice.subList(n, slice.size());
  }

  /** Compares all rooms with the cluster, slice after slice: something happened to it. */
  void compareAll() {
    rounds++;
    compareFrom(new ArrayList<>(rooms.keySet()), 0, rounds);
  }

  private void compareFrom(List<String> names, int from, int round) {
    if (from < names.size() && round == rounds) {
      int to = Math.min(names.size(), from + SLICE);
      compare(names.subList(from, to)).onComplete(done -> {
        if (done.succeeded()) {
          compareFrom(names, to, round);
        } else {
          vertx.setTimer(RETRY.toMillis(), timer -> compareFrom(names, from, round));
        }
      });
    }
  }

  private Future<Void> compare(List<String> names) {
    if (names.isEmpty()) {
      return Future.succeededFuture();
    }
    return map.submitAll(names, new Glance())
        .onSuccess(marks -> {
          for (var name : names) {
            var present = rooms.get(name);
            if (present != null) {
              present.compare(marks.getOrDefault(name, Mark.NONE));
            }
          }
        })
        .mapEmpty();
  }
}
