package chat.parley.cluster;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/**
 * A map over the whole cluster whose values only {@link Operation}s change. The answer of an operation comes after its
 * change is on the backups. Thread-safe; futures complete on the caller's Vert.x context.
 *
 * @param <V> the values
 */
public interface SharedMap<V extends Wire> {
  /**
   * Runs the operation at the key. Fails with {@link UnavailableException} where the cluster can't answer now.
   */
  <R extends Wire> Future<R> submit(String key, Operation<V, R> operation);

  /** Runs a read-only operation at many keys, grouped by owner. */
  <R extends Wire> Future<Map<String, R>> submitAll(
      Collection<String> keys, Operation<V, R> operation);

  /**
   * Runs the operation at every key of the cluster, one partition after the other; a look at a value (no change) costs no backup
   * traffic. The answers are not collected. For rare housekeeping by one node.
   */
  <R extends Wire> Future<Void> sweep(Operation<V, R> operation);

  /** Into how many parts the keys are divided. A key is always in the same one, on every node. */
  int parts();

  /** Runs a read-only operation at every key of one part: for listing, part by part, what would be too much at once. */
  <R extends Wire> Future<Map<String, R>> submitPart(int part, Operation<V, R> operation);

  /** How many keys this node owns. May be called from any thread; cheap. */
  int owned();
}
