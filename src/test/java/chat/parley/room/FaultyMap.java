package chat.parley.room;

import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Operation;
import chat.parley.cluster.UnavailableException;
import chat.parley.cluster.Wire;
import chat.parley.testing.ForwardingMap;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real map of rooms whose calls fail, or whose answers stay away, as the test wants. Confined to the test's thread. */
final class FaultyMap extends ForwardingMap<RoomState> {
  /** What becomes of a call. */
  enum Fault {
    /** It certainly did not happen. */
    REFUSED,
    /** It did not happen, but nobody can tell. */
    LOST,
    /** It happened, but nobody can tell. */
    ANSWER_LOST,
    /** The operation threw. */
    BROKEN
  }

  private final ArrayDeque<Fault> faults = new ArrayDeque<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private int calls;

  FaultyMap() {
    super(new LocalCluster("n1").map(RoomNode.MAP));
  }

  /** The next calls fail like this, one each. */
  FaultyMap then(Fault... next) {
    faults.addAll(List.of(next));
    return this;
  }

  /** From now on calls happen, but their answers wait. */
  void hold() {
    holding = true;
  }

  /** Brings the oldest answer that waits. */
  void answerOne() {
    held.remove().run();
  }

  /** Brings all answers, and lets the next ones come at once. */
  void release() {
    holding = false;
    while (!held.isEmpty()) {
      answerOne();
    }
  }

  int waiting() {
    return held.size();
  }

  int calls() {
    return calls;
  }

  @Override
  public <R extends Wire> Future<R> submit(String key, Operation<RoomState, R> operation) {
    var fault = faults.poll();
    calls++;
    return answer(
        fault == null || fault == Fault.ANSWER_LOST ? super.submit(key, operation) : null, fault);
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitAll(
      Collection<String> keys, Operation<RoomState, R> operation) {
    var fault = faults.poll();
    calls++;
    return answer(fault == null ? super.submitAll(keys, operation) : null, fault);
  }

  private <T> Future<T> answer(@Nullable Future<T> done, @Nullable Fault fault) {
    Future<T> answer = done == null || fault != null ? Future.failedFuture(cause(fault)) : done;
    if (!holding) {
      return answer;
    }
    Promise<T> later = Promise.promise();
    held.add(() -> answer.onComplete(later));
    return later.future();
  }

  private static RuntimeException cause(@Nullable Fault fault) {
    return fault == Fault.BROKEN
        ? new IllegalStateException("broken")
        : new UnavailableException(fault != Fault.REFUSED, "no answer", null);
  }
}
