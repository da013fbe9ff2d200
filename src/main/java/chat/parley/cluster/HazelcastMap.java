package chat.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.query.Predicates;
import com.hazelcast.spi.impl.SerializationServiceSupport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared map on a Hazelcast map: operations become entry processors.
 *
 * <p>The call for one key, the only frequent one, is sent with a method of Hazelcast's own proxy, below {@link
 * IMap#submitToKey}: that one takes every answer over the common ForkJoinPool (or, with few processors, a new thread), only to
 * deserialize it, and that hop costs up to as much as the call itself (RATIONALE). The version of Hazelcast is pinned anyway.
 *
 * <p>Thread-safe: Hazelcast's proxies are, and each answer is brought back to the context that asked.
 */
final class HazelcastMap<V extends Wire> implements SharedMap<V> {
  private final Vertx vertx;
  private final MapProxyImpl<String, V> map;
  private final SerializationService serialization;
  private final @Nullable Quorum quorum;
  private final Supplier<List<String>> keyOfEachPartition;

  HazelcastMap(
      Vertx vertx,
      HazelcastInstance hazelcast,
      String name,
      @Nullable Quorum quorum,
      Supplier<List<String>> keyOfEachPartition) {
    IMap<String, V> proxy = hazelcast.getMap(name);
    this.vertx = vertx;
    this.quorum = quorum;
    this.map = (MapProxyImpl<String, V>) proxy;
    this.serialization = ((SerializationServiceSupport) hazelcast).getSerializationService();
    this.keyOfEachPartition = keyOfEachPartition;
  }

  @Override
  public <R extends Wire> Future<R> submit(String key, Operation<V, R> operation) {
    var processor = OperationProcessor.of(operation);
    return call(() -> map.executeOnKeyInternal(key, processor), serialization::<R>toObject);
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitAll(
      Collection<String> keys, Operation<V, R> operation) {
    if (!operation.readOnly()) {
      return Future.failedFuture(new IllegalArgumentException(operation + " is not read-only"));
    }
    EntryProcessor<String, V, R> processor = OperationProcessor.of(operation);
    return call(() -> map.submitToKeys(new HashSet<>(keys), processor), answers -> answers);
  }

  /**
   * Backups of a sweep's changes follow on their own: the sweep doesn't wait for them. What a member takes with it is swept
   * again the next time.
   */
  @Override
  public <R extends Wire> Future<Void> sweep(Operation<V, R> operation) {
    return vertx
        .<Void>executeBlocking(
            () -> {
              for (var key : keyOfEachPartition.get()) {
                // One processor each: it remembers whether it changed its partition.
                var processor = new OperationProcessor.Sweep<>(operation);
                map.executeOnEntries(
                    processor, Predicates.partitionPredicate(key, Predicates.alwaysTrue()));
              }
              return null;
            },
            false)
        .recover(failure -> Future.failedFuture(Failures.answered(failure)));
  }

  @Override
  public int parts() {
    return keyOfEachPartition.get().size();
  }

  @Override
  public <R extends Wire> Future<Map<String, R>> submitPart(int part, Operation<V, R> operation) {
    if (!operation.readOnly()) {
      return Future.failedFuture(new IllegalArgumentException(operation + " is not read-only"));
    }
    EntryProcessor<String, V, R> processor = OperationProcessor.of(operation);
    return vertx
        .executeBlocking(
            () -> map.executeOnEntries(
                processor,
                Predicates.partitionPredicate(
                    keyOfEachPartition.get().get(part), Predicates.alwaysTrue())),
            false)
        .recover(failure -> Future.failedFuture(Failures.answered(failure)));
  }

  @Override
  public int owned() {
    return Math.toIntExact(map.getLocalMapStats().getOwnedEntryCount());
  }

  private <A, T> Future<T> call(Supplier<CompletionStage<A>> sending, Function<A, T> reading) {
    var doubt = quorum == null ? null : quorum.doubt();
    if (doubt != null) {
      return Future.failedFuture(new UnavailableException(false, doubt, null));
    }
    var context = vertx.getOrCreateContext();
    var promise = Promise.<T>promise();
    try {
      // On the thread that has the answer, without another hop: all it does there is to hand it on.
      sending
          .get()
          .whenCompleteAsync(
              (answer, failure) ->
                  context.runOnContext(ignored -> settle(promise, answer, failure, reading)),
              Runnable::run);
    } catch (RuntimeException failure) {
      return Future.failedFuture(Failures.unsent(failure));
    }
    return promise.future();
  }

  private static <A, T> void settle(
      Promise<T> promise, A answer, @Nullable Throwable failure, Function<A, T> reading) {
    if (failure != null) {
      promise.fail(Failures.answered(failure));
      return;
    }
    try {
      promise.complete(reading.apply(answer));
    } catch (HazelcastSerializationException unreadable) {
      promise.fail(unreadable);
    }
  }
}
