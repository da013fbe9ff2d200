package chat.parley.presence;

import chat.parley.cluster.UnavailableException;
import chat.parley.presence.Report.Reported;
import chat.parley.protocol.UserState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One room's presence on this node: what its own sessions do, what it hears of the others', and what its members are told. The cluster's seats are the truth of the
 * other nodes' sessions; of its own this node knows better, and says so until the cluster agrees. A version that is missing, or a mark that differs,
 * makes it read all seats. Confined to the room's home loop.
 */
final class RoomPresence {
  /** How long a change that came too early waits for the one before it: those of two nodes may arrive swapped. */
  static final Duration PATIENCE = Duration.ofMillis(50);

  private static final Duration RETRY = Duration.ofMillis(200);

  /** For so long somebody who asks who is there may wait. */
  private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(3);

  private static final int HELD = 64;

  /** What it needs of its surroundings. */
  interface Surroundings {
    String nodeId();

    Standing standing(String node);

    long now();

    String freshEpoch();

    Future<Reported> report(String room, Report report);

    Future<Seats> read(String room);

    Future<Mark> glance(String room);

    /** Tells the same room on other nodes; perhaps it is lost. */
    void tell(String room, List<String> nodes, Delta delta);

    /** Brings a frame to the room's members on this node. */
    void announce(String room, byte[] json);

    void atEndOfTurn(Runnable task);

    void later(Duration delay, Runnable task);

    /** All seats had to be read. */
    void repaired();
  }

  private final String room;
  private final Surroundings around;
  private final PresenceSettings settings;
  private final Roster roster;
  private final Herald herald;
  private final OwnSeats own;
  private final List<Delta> held = new ArrayList<>();
  private String epoch = "";
  /** Everything up to here is in the roster; below zero: nothing is known yet. */
  private long version = -1;

  private boolean attached;
  private boolean reading;
  private boolean readAgain;
  /** The last reading failed, and is to be repeated. */
  private boolean failed;

  private boolean readPlanned;
  private @Nullable Promise<Void> firstRead;

  RoomPresence(String room, Surroundings around, PresenceSettings settings) {
    this.room = room;
    this.around = around;
    this.settings = settings;
    this.roster = new Roster(around::standing);
    this.herald = new Herald(around, room, roster, settings.full());
    this.own = new OwnSeats(around.nodeId(), new HomeDesk());
  }

  private final class HomeDesk implements OwnSeats.Desk {
    @Override
    public Future<Reported> send(List<Seat> here, List<String> gone) {
      return around.report(
          room, new Report(around.nodeId(), around.freshEpoch(), version, here, gone));
    }

    @Override
    public void arrived(List<Seat> here, List<String> gone, Reported answer, boolean repeated) {
      reported(here, gone, answer, repeated);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      around.later(delay, task);
    }
  }

  Roster roster() {
    return roster;
  }

  /** A session of this node is in the room. */
  void enter(String session, String user, @Nullable String name) {
    var seat = own.get(session);
    if (seat == null || !seat.isOnline()) {
      // A user who comes back, or comes once more, has been here since the first time.
      var shown = roster.user(user);
      long since = shown == null ? around.now() : shown.since();
      own.put(new Seat(session, user, name, around.nodeId(), since, UserState.ONLINE));
    }
  }

  /** It has left, and meant to. */
  void leave(String session) {
    own.remove(session);
  }

  /** Its connection broke; perhaps the user comes back with another one. */
  void lose(String session) {
    if (settings.grace().isZero()) {
      leave(session);
      return;
    }
    around.later(settings.blink(), () -> {
      var seat = own.get(session);
      if (seat != null) {
        own.put(seat.reconnecting());
      }
    });
    around.later(settings.grace(), () -> leave(session));
  }

  /** The room has members here. Done when it is known who is in it. */
  Future<Void> attach() {
    attached = true;
    return isTold() ? Future.succeededFuture() : readAll();
  }

  /** Whether what is known here is kept up to date: without a seat this node is not told of changes. */
  private boolean isTold() {
    return version >= 0 && !own.isEmpty();
  }

  private Future<Void> readAll() {
    var waiting = firstRead;
    if (waiting == null) {
      waiting = Promise.promise();
      firstRead = waiting;
    }
    if (!reading) {
      read();
    }
    return waiting.future();
  }

  void detach() {
    attached = false;
  }

  /** Nobody here needs it any more. */
  boolean isIdle() {
    return !attached && own.isEmpty() && own.isQuiet() && !reading && !failed;
  }

  /** The users by name, the first or those after one. */
  Future<Presence.Listing> list(@Nullable String after, int limit) {
    // Who asks right after joining is to find itself.
    var ready = own.said()
        .compose(said -> isTold() ? Future.succeededFuture() : readAll())
        .compose(known -> herald.listable());
    if (ready.isComplete()) {
      return Future.succeededFuture(listed(after, limit));
    }
    Promise<Presence.Listing> answer = Promise.promise();
    ready.onSuccess(known -> answer.tryComplete(listed(after, limit)));
    around.later(
        TIME_TO_ANSWER,
        () ->
            answer.tryFail(new UnavailableException(false, "it is not known who is there", null)));
    return answer.future();
  }

  private Presence.Listing listed(@Nullable String after, int limit) {
    var users = roster.users(after, limit + 1);
    boolean more = users.size() > limit;
    return new Presence.Listing(
        herald.version(), roster.count(), more ? users.subList(0, limit) : users, more);
  }

  private void reported(List<Seat> here, List<String> gone, Reported answer, boolean repeated) {
    var delta = new Delta(answer.epoch(), answer.from(), answer.to(), here, gone);
    if (answer.epoch().isEmpty()) {
      load(Seats.NONE);
    } else if (answer.all() != null) {
      load(answer.all());
    } else if (answer.to() > answer.from()) {
      heard(delta);
    }
    if (answer.to() > answer.from() || repeated) {
      around.tell(
          room,
          answer.nodes().stream().filter(node -> !node.equals(around.nodeId())).toList(),
          delta);
    }
  }

  /** What a node's report changed; from this node or another, in whatever order they come. */
  void heard(Delta delta) {
    if (epoch.isEmpty() && version == 0 && delta.from() == 0) {
      epoch = delta.epoch(); // nobody was there, so this is how the room began
    }
    boolean known = version >= 0 && delta.epoch().equals(epoch);
    if (known && delta.to() <= version) {
      return;
    }
    if (known && delta.from() == version) {
      apply(delta);
      applyHeld();
      herald.changed();
    } else {
      hold(delta);
    }
  }

  private void apply(Delta delta) {
    delta.here().forEach(roster::put);
    delta.gone().forEach(roster::remove);
    version = delta.to();
  }

  private void hold(Delta delta) {
    if (held.size() < HELD) {
      held.add(delta);
    }
    if (!readPlanned && !reading) {
      readPlanned = true;
      around.later(PATIENCE, () -> {
        readPlanned = false;
        if (!held.isEmpty()) {
          around.repaired();
          read();
        }
      });
    }
  }

  private void applyHeld() {
    boolean applied;
    do {
      applied = false;
      for (var delta : List.copyOf(held)) {
        if (delta.epoch().equals(epoch) && delta.to() <= version) {
          held.remove(delta);
        } else if (delta.epoch().equals(epoch) && delta.from() == version) {
          held.remove(delta);
          apply(delta);
          applied = true;
        }
      }
    } while (applied);
  }

  private void read() {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    failed = false;
    around.read(room).onComplete(answer -> {
      reading = false;
      if (answer.failed()) {
        failed = true;
        around.later(RETRY, this::readIfFailed);
        return;
      }
      load(answer.result());
      if (readAgain) {
        readAgain = false;
        read();
      }
    });
  }

  private void readIfFailed() {
    if (failed) {
      read();
    }
  }

  private void load(Seats seats) {
    boolean old = seats.epoch().equals(epoch) && seats.version() < version;
    if (!old) {
      epoch = seats.epoch();
      version = seats.version();
      roster.replace(seats.seats());
      held.removeIf(delta -> !delta.epoch().equals(epoch));
      applyHeld();
      own.compare(seats.seats());
      herald.changed();
    }
    if (!held.isEmpty()) {
      readAgain = true;
    }
    if (firstRead != null) {
      var waiting = firstRead;
      firstRead = null;
      waiting.tryComplete();
    }
  }

  /** Something may have been missed. */
  void check() {
    around.glance(room).onSuccess(this::compare);
  }

  /** How the cluster's seats are now, or were a moment ago. */
  void compare(Mark mark) {
    if (version < 0 || reading || !own.isQuiet()) {
      return; // once more at the next comparison
    }
    boolean sameEpoch = mark.epoch().equals(epoch);
    if (sameEpoch && mark.version() > version) {
      hold(new Delta(epoch, mark.version(), mark.version(), List.of(), List.of()));
    } else if (sameEpoch ? mark.version() == version && differs(mark) : differs(mark)) {
      around.repaired();
      read();
    }
  }

  private boolean differs(Mark mark) {
    Set<String> nodes = new HashSet<>(mark.tallies().keySet());
    nodes.addAll(roster.seating().tallies().keySet());
    nodes.remove(around.nodeId());
    return !own.tally().equals(mark.tally(around.nodeId()))
        || nodes.stream()
            .filter(node -> around.standing(node) == Standing.ALIVE)
            .anyMatch(node -> !roster.seating().tally(node).equals(mark.tally(node)));
  }

  /** Those nodes came or went; the seats of those that are gone are let go if asked. */
  void standingsChanged(Set<String> nodes, boolean clear) {
    if (nodes.stream().anyMatch(node -> roster.seating().tally(node).seats() > 0)) {
      roster.standingsChanged(nodes, clear);
      herald.changed();
    }
  }
}
