package chat.parley.room;

import chat.parley.cluster.UnavailableException;
import chat.parley.protocol.FrameCodec;
import chat.parley.room.Append.Appended;
import chat.parley.room.Append.Outcome;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomLog.Receipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits to go into one room's log, and the one call that is on its way. Confined to its event loop. */
final class RoomQueue {
  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofMillis(500);

  /** A message on its way, its sender waiting for the receipt. */
  private record Waiting(
      Draft draft, @Nullable Subscriber notTo, long deadline, Promise<Receipt> receipt) {
    int weight() {
      return draft.data().length + 64;
    }
  }

  /** A signal on its way. */
  private record Passing(Line line, Promise<Void> passed) {}

  private final RoomLog log;
  private final String room;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private List<Passing> passing = new ArrayList<>();
  private int waitingBytes;
  private List<Waiting> flying = List.of();
  private List<String> dead = List.of();
  private boolean busy;

  RoomQueue(RoomLog log, String room) {
    this.log = log;
    this.room = room;
  }

  Future<Receipt> add(Draft draft, @Nullable Subscriber notTo) {
    var item = new Waiting(draft, notTo, log.deadline(), Promise.promise());
    if (waitingBytes + item.weight() > RoomLog.QUEUE_BYTES) {
      return Future.failedFuture(
          new UnavailableException(false, "too much is waiting to be published here", null));
    }
    waiting.add(item);
    waitingBytes += item.weight();
    pump();
    return item.receipt().future();
  }

  Future<Void> add(Line line) {
    var item = new Passing(line, Promise.promise());
    if (passing.size() >= RoomLog.BATCH_ITEMS) {
      return Future.failedFuture(
          new UnavailableException(false, "too many signals are waiting here", null));
    }
    passing.add(item);
    pump();
    return item.passed().future();
  }

  private void pump() {
    if (busy) {
      return;
    }
    if (!waiting.isEmpty()) {
      busy = true;
      flying = takeBatch();
      submit(flying, takePassing(), FIRST_RETRY, false);
    } else if (!passing.isEmpty()) {
      busy = true;
      askAudience(takePassing());
    }
  }

  private List<Waiting> takeBatch() {
    var batch = new ArrayList<Waiting>();
    int bytes = 0;
    while (!waiting.isEmpty()
        && batch.size() < RoomLog.BATCH_ITEMS
        && bytes < RoomLog.BATCH_BYTES) {
      var item = waiting.remove();
      batch.add(item);
      bytes += item.weight();
    }
    waitingBytes -= bytes;
    return batch;
  }

  private List<Passing> takePassing() {
    var taken = passing;
    passing = new ArrayList<>();
    return taken;
  }

  private void submit(
      List<Waiting> batch, List<Passing> signals, Duration retry, boolean repeated) {
    var drafts = new ArrayList<Draft>(batch.size());
    batch.forEach(item -> drafts.add(item.draft()));
    log.append(room, drafts, dead).onComplete(answer -> {
      if (answer.succeeded()) {
        accepted(batch, signals, answer.result(), repeated);
        next();
      } else if (UnavailableException.isDoubtful(answer.cause())) {
        // Perhaps accepted: only the same ids again tell. Senders whose time is up have been
        // answered meanwhile.
        log.metrics().appendRepeated();
        var longer = retry.multipliedBy(2);
        log.later(
            retry,
            () -> submit(
                batch, signals, longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY, true));
      } else {
        batch.forEach(item -> item.receipt().tryFail(answer.cause()));
        signals.forEach(signal -> signal.passed().tryFail(answer.cause()));
        next();
      }
    });
  }

  private void accepted(
      List<Waiting> batch, List<Passing> signals, Appended answer, boolean repeated) {
    var outcomes = answer.outcomes();
    dead = log.dead(answer.audience());
    log.metrics().appended(batch.size(), answer.fresh());
    if (answer.fresh() > 0 && log.outlet().heard(room, answer.audience())) {
      var lines = lines(batch, outcomes, answer.epoch());
      var messages = new RoomEvent.Messages(answer.epoch(), answer.first(), lines);
      log.outlet().accepted(room, answer.audience(), messages);
    }
    if (repeated) {
      log.outlet().doubtful(room, answer.audience());
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).receipt().tryComplete(RoomLog.receipt(answer.epoch(), outcomes.get(i)));
    }
    pass(signals, answer.audience());
  }

  /** What members are sent of the messages that are new, encoded once for all of them. */
  private List<Line> lines(List<Waiting> batch, List<Outcome> outcomes, String epoch) {
    var lines = new ArrayList<Line>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      var outcome = outcomes.get(i);
      if (!outcome.duplicate()) {
        var item = batch.get(i);
        var entry = item.draft().accepted(outcome.seq(), outcome.time());
        lines.add(new Line(FrameCodec.encode(entry.frame(room, epoch)), item.notTo()));
      }
    }
    return lines;
  }

  private void askAudience(List<Passing> signals) {
    log.look(room).onComplete(answer -> {
      if (answer.succeeded()) {
        pass(signals, answer.result().audience());
      } else {
        signals.forEach(signal -> signal.passed().tryFail(answer.cause()));
      }
      next();
    });
  }

  private void pass(List<Passing> signals, String[] audience) {
    if (!signals.isEmpty()) {
      log.outlet()
          .signalled(
              room,
              audience,
              new RoomEvent.Signals(signals.stream().map(Passing::line).toList()));
      signals.forEach(signal -> signal.passed().tryComplete());
    }
  }

  private void next() {
    busy = false;
    flying = List.of();
    pump();
  }

  /**
   * Tells those who have waited too long; what is on its way stays on its way, since it may already be in the log.
   *
   * @return whether there is nothing left here
   */
  boolean expire(long now) {
    for (var item : flying) {
      if (item.deadline() <= now) {
        item.receipt()
            .tryFail(new UnavailableException(true, "the room did not answer in time", null));
      }
    }
    while (!waiting.isEmpty() && waiting.peek().deadline() <= now) {
      var item = waiting.remove();
      waitingBytes -= item.weight();
      item.receipt()
          .tryFail(new UnavailableException(false, "the room did not answer in time", null));
    }
    return !busy && waiting.isEmpty() && passing.isEmpty();
  }
}
