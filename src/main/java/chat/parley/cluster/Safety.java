package chat.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether every partition has its backups, and the quorum is there. Asking takes a call to every member, so a worker thread asks
 * once a second and everybody else reads what it found. Thread-safe: atomics.
 */
final class Safety {
  private static final Logger log = LoggerFactory.getLogger(Safety.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final HazelcastInstance hazelcast;
  private final Vertx vertx;
  private final boolean guarded;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final AtomicInteger doubts = new AtomicInteger();
  private volatile boolean safe;

  Safety(HazelcastInstance hazelcast, Vertx vertx, boolean guarded) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    this.guarded = guarded;
  }

  void start() {
    vertx.setPeriodic(1, PERIOD.toMillis(), timer -> ask());
  }

  boolean safe() {
    return safe;
  }

  /** Not safe until asked again. */
  void doubt() {
    doubts.incrementAndGet();
    safe = false;
  }

  private void ask() {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    var before = doubts.get();
    vertx
        .executeBlocking(this::find, false)
        .onFailure(failure -> log.debug("Can't tell whether the cluster is safe", failure))
        .onComplete(found -> {
          safe = found.succeeded() && found.result() && doubts.get() == before;
          asking.set(false);
        });
  }

  private boolean find() {
    return hazelcast.getLifecycleService().isRunning()
        && hazelcast.getPartitionService().isClusterSafe()
        && (!guarded
            || hazelcast
                .getSplitBrainProtectionService()
                .getSplitBrainProtection(HazelcastConfig.QUORUM)
                .hasMinimumSize());
  }
}
