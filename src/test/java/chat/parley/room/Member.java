package chat.parley.room;

import chat.parley.protocol.Position;
import chat.parley.room.Samples.Seen;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** A member that writes down what it is told, and complains about what must not be. Confined to the test's thread. */
final class Member implements Subscriber {
  final List<Seen> seen = new ArrayList<>();
  final List<Joined> told = new ArrayList<>();
  Runnable whenTold = () -> {};
  private Promise<Void> ready = Promise.promise();
  private boolean clogged;
  /** The position that the next message has to follow; null while any may come. */
  private @org.jspecify.annotations.Nullable Position at;

  /** As if it had been in the room and has everything up to there. */
  Member from(Position since) {
    at = since;
    return this;
  }

  void welcome(Joined joined) {
    told.add(joined);
    if (!joined.recovered() || at == null || !at.epoch().equals(joined.epoch())) {
      at = null;
    }
  }

  @Override
  public void deliver(Burst burst) {
    for (int i = 0; i < burst.size(); i++) {
      hear(Seen.of(burst.json(i)));
    }
  }

  private void hear(Seen line) {
    if (at != null && (!at.epoch().equals(line.epoch()) || at.seq() + 1 != line.seq())) {
      throw new AssertionError(line + " after " + at);
    }
    at = new Position(line.epoch(), line.seq());
    seen.add(line);
  }

  @Override
  public void renumbered(String room, Joined joined) {
    told.add(joined);
    at = null;
    whenTold.run();
  }

  /** From now on its connection takes nothing, until it is {@link #unclog unclogged}. */
  void clog() {
    clogged = true;
    ready = Promise.promise();
  }

  void unclog() {
    clogged = false;
    ready.tryComplete();
  }

  @Override
  public Future<Void> ready() {
    return clogged ? ready.future() : Future.succeededFuture();
  }

  List<Long> positions() {
    return seen.stream().map(Seen::seq).toList();
  }

  List<String> ids() {
    return seen.stream().map(Seen::id).toList();
  }
}
