package chat.parley.session;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Operation;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.UnavailableException;
import chat.parley.cluster.Wire;
import chat.parley.testing.ForwardingMap;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A real cluster of one whose answers wait, or fail, when the test says so. Confined to one event loop. */
final class HeldCluster implements Cluster {
  private final LocalCluster cluster = new LocalCluster("n1");
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private boolean refusing;

  void hold() {
    holding = true;
  }

  void release() {
    holding = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  void refuse(boolean on) {
    refusing = on;
  }

  private <T> Future<T> answer(Future<T> answer) {
    if (!holding) {
      return answer;
    }
    Promise<T> later = Promise.promise();
    held.add(() -> answer.onComplete(later));
    return later.future();
  }

  @Override
  public String host() {
    return cluster.host();
  }

  @Override
  public <V extends Mergeable<V>> SharedMap<V> map(String name) {
    return new ForwardingMap<V>(cluster.map(name)) {
      @Override
      public <R extends Wire> Future<R> submit(String key, Operation<V, R> operation) {
        return refusing
            ? Future.failedFuture(new UnavailableException(false, "no quorum", null))
            : answer(super.submit(key, operation));
      }

      @Override
      public <R extends Wire> Future<Map<String, R>> submitAll(
          Collection<String> keys, Operation<V, R> operation) {
        return answer(super.submitAll(keys, operation));
      }
    };
  }

  @Override
  public String nodeId() {
    return cluster.nodeId();
  }

  @Override
  public Set<String> nodes() {
    return cluster.nodes();
  }

  @Override
  public void onChange(Consumer<Change> handler) {
    cluster.onChange(handler);
  }

  @Override
  public boolean safe() {
    return true;
  }

  @Override
  public @Nullable String hindrance() {
    return cluster.hindrance();
  }

  @Override
  public Future<String> agree(String name, String offer) {
    return cluster.agree(name, offer);
  }
}
