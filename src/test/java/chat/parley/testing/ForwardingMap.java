package chat.parley.testing;

import chat.parley.cluster.Operation;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.Wire;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/** Hands every call to a real map; for tests that come between in one place or the other. As thread-safe as the map. */
public abstract class ForwardingMap<V extends Wire> implements SharedMap<V> {
  private final SharedMap<V> map;

  protected ForwardingMap(SharedMap<V> map) {
    this.map = map;
  }

  /** The map itself, for what happens elsewhere. */
  public final SharedMap<V> elsewhere() {
    return map;
  }

  @Override
  public <R extends Wire> Future<R> submit(String key, Operation<V, R> operation) {
    return map.submit(key, operation);
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitAll(
      Collection<String> keys, Operation<V, R> operation) {
    return map.submitAll(keys, operation);
  }

  @Override
  public <R extends Wire> Future<Void> sweep(Operation<V, R> operation) {
    return map.sweep(operation);
  }

  @Override
  public int parts() {
    return map.parts();
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitPart(int part, Operation<V, R> operation) {
    return map.submitPart(part, operation);
  }

  @Override
  public int owned() {
    return map.owned();
  }
}
