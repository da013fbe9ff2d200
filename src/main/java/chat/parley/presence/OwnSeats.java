package chat.parley.presence;

import chat.parley.cluster.UnavailableException;
import chat.parley.presence.Report.Reported;
import chat.parley.presence.Seating.Tally;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The seats that this node's sessions have in one room, and their way to the cluster: one report is under way, what changes meanwhile goes with the next. Whatever
 * the cluster says otherwise of them, this here is right. Confined to the room's home loop.
 */
final class OwnSeats {
  /** The longest report, and so the longest that one call holds a partition. */
  static final int REPORT_SEATS = 1024;

  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofMillis(500);

  /** What it needs of its surroundings. */
  interface Desk {
    /** Sends a report. */
    Future<Reported> send(List<Seat> here, List<String> gone);

    /**
     * The report has arrived.
     *
     * @param repeated whether an earlier answer was lost: others may not have been told of what it changed
     */
    void arrived(List<Seat> here, List<String> gone, Reported answer, boolean repeated);

    void later(Duration delay, Runnable task);
  }

  private final Desk desk;
  private final String node;
  private final Seating seats = new Seating();
  private final Set<String> unsaid = new LinkedHashSet<>();
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private boolean busy;

  OwnSeats(String node, Desk desk) {
    this.node = node;
    this.desk = desk;
  }

  /** The seat is taken, or in another state. */
  void put(Seat seat) {
    if (!seat.equals(seats.put(seat))) {
      unsaid.add(seat.session());
      pump();
    }
  }

  void remove(String session) {
    if (seats.remove(session) != null) {
      unsaid.add(session);
      pump();
    }
  }

  @Nullable
  Seat get(String session) {
    return seats.get(session);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  Tally tally() {
    return seats.tally(node);
  }

  /** Nothing is under way, and nothing waits. */
  boolean isQuiet() {
    return !busy && unsaid.isEmpty();
  }

  /** Done when the cluster has heard what there is to say now. */
  Future<Void> said() {
    if (isQuiet()) {
      return Future.succeededFuture();
    }
    Promise<Void> said = Promise.promise();
    waiting.add(said);
    return said.future();
  }

  /** These are all seats that the cluster has: what it has wrong of our own is said again. */
  void compare(Collection<Seat> kept) {
    var theirs = new Seating();
    for (var seat : kept) {
      if (seat.node().equals(node)) {
        theirs.put(seat);
        if (seats.get(seat.session()) == null) {
          unsaid.add(seat.session());
        }
      }
    }
    for (var seat : seats.all()) {
      if (!seat.equals(theirs.get(seat.session()))) {
        unsaid.add(seat.session());
      }
    }
    pump();
  }

  private void pump() {
    if (busy || unsaid.isEmpty()) {
      return;
    }
    busy = true;
    // Whoever asks from now on may mean what goes with the next report.
    var heard = List.copyOf(waiting);
    waiting.clear();
    var here = new ArrayList<Seat>();
    var gone = new ArrayList<String>();
    for (var next = unsaid.iterator();
        next.hasNext() && here.size() + gone.size() < REPORT_SEATS; ) {
      var session = next.next();
      next.remove();
      var seat = seats.get(session);
      if (seat == null) {
        gone.add(session);
      } else {
        here.add(seat);
      }
    }
    send(List.copyOf(here), List.copyOf(gone), FIRST_RETRY, false, heard);
  }

  private void send(
      List<Seat> here,
      List<String> gone,
      Duration retry,
      boolean repeated,
      List<Promise<Void>> heard) {
    desk.send(here, gone).onComplete(answer -> {
      if (answer.succeeded()) {
        desk.arrived(here, gone, answer.result(), repeated);
        busy = false;
        heard.forEach(Promise::complete);
        pump();
        if (isQuiet()) {
          var rest = List.copyOf(waiting);
          waiting.clear();
          rest.forEach(Promise::complete);
        }
      } else {
        boolean doubtful =
            answer.cause() instanceof UnavailableException refused && refused.doubtful();
        var longer = retry.multipliedBy(2);
        var next = longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY;
        desk.later(retry, () -> send(here, gone, next, repeated || doubtful, heard));
      }
    });
  }
}
