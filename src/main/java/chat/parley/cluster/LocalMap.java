package chat.parley.cluster;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A shared map that one process shares with nobody. Thread-safe: a key's operations exclude each other. */
final class LocalMap<V extends Wire> implements SharedMap<V> {
  private static final int PARTS = 16;

  private final ConcurrentHashMap<String, V> values = new ConcurrentHashMap<>();

  @Override
  public <R extends Wire> Future<R> submit(String key, Operation<V, R> operation) {
    try {
      return Future.succeededFuture(run(key, operation));
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitAll(
      Collection<String> keys, Operation<V, R> operation) {
    if (!operation.readOnly()) {
      return Future.failedFuture(new IllegalArgumentException(operation + " is not read-only"));
    }
    try {
      var answers = new HashMap<String, R>();
      for (var key : keys) {
        answers.put(key, run(key, operation));
      }
      return Future.succeededFuture(answers);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  @Override
  public <R extends Wire> Future<Void> sweep(Operation<V, R> operation) {
    try {
      values.keySet().forEach(key -> run(key, operation));
      return Future.succeededFuture();
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  @Override
  public int parts() {
    return PARTS;
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitPart(int part, Operation<V, R> operation) {
    var keys = values.keySet().stream()
        .filter(key -> Math.floorMod(key.hashCode(), PARTS) == part)
        .toList();
    return submitAll(keys, operation);
  }

  @Override
  public int owned() {
    return values.size();
  }

  private <R extends Wire> R run(String key, Operation<V, R> operation) {
    var run = new Run<V, R>(key, operation);
    values.compute(key, (same, value) -> run.on(value));
    return run.answer();
  }

  /** One operation at one key: what it is shown, and what becomes of the value. */
  private static final class Run<V extends Wire, R extends Wire> implements Operation.Slot<V> {
    private final String key;
    private final Operation<V, R> operation;
    private @Nullable V value;
    private @Nullable R answer;

    Run(String key, Operation<V, R> operation) {
      this.key = key;
      this.operation = operation;
    }

    @Nullable
    V on(@Nullable V present) {
      value = present;
      answer = operation.apply(this);
      return value;
    }

    R answer() {
      if (answer == null) {
        throw new IllegalStateException(operation + " answered nothing");
      }
      return answer;
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public @Nullable V get() {
      return value;
    }

    @Override
    public void put(V changed) {
      mayChange();
      value = changed;
    }

    @Override
    public void remove() {
      mayChange();
      value = null;
    }

    private void mayChange() {
      if (operation.readOnly()) {
        throw new IllegalStateException(operation + " is read-only and changed " + key);
      }
    }
  }
}
