package chat.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether every partition has its backups, and the quorum is there. Asking takes a call to every member, so a worker thread asks
 * once a second and everybody else reads what it found. Thread-safe: an atomic reference, a volatile flag.
 */
final class Safety {
  private static final Logger log = LoggerFactory.getLogger(Safety.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final HazelcastInstance hazelcast;
  private final Vertx vertx;
  private final boolean guarded;
  private final AtomicReference<Finding> found = new AtomicReference<>(new Finding(false, false));

  /** Whether it was safe at any time since this node joined. */
  private volatile boolean settled;

  /** What was found last, and whether somebody is finding out anew. Compared by identity. */
  private record Finding(boolean safe, boolean asking) {}

  Safety(HazelcastInstance hazelcast, Vertx vertx, boolean guarded) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    this.guarded = guarded;
  }

  void start() {
    vertx.setPeriodic(1, PERIOD.toMillis(), timer -> ask());
  }

  boolean safe() {
    return finding().safe();
  }

  /** Why this node can't serve; null: it can. */
  @Nullable
  String hindrance() {
    if (!hazelcast.getLifecycleService().isRunning()) {
      return "not in the cluster";
    } else if (!settled) {
      return "the rooms are on their way: not safe yet since this node joined";
    }
    return isQuorate() ? null : "fewer nodes than cluster.quorum are within reach";
  }

  /**
   * Not safe until asked again. Who is asking already is not waited for: a call to a member that has gone under it only
   * fails after a minute.
   */
  void doubt() {
    found.set(new Finding(false, false));
  }

  private Finding finding() {
    return Objects.requireNonNull(found.get());
  }

  private void ask() {
    var before = finding();
    var mine = new Finding(before.safe(), true);
    if (before.asking() || !found.compareAndSet(before, mine)) {
      return;
    }
    vertx
        .executeBlocking(this::find, false)
        .onFailure(failure -> log.debug("Can't tell whether the cluster is safe", failure))
        .onComplete(answer -> {
          boolean safe = answer.succeeded() && answer.result();
          if (found.compareAndSet(mine, new Finding(safe, false)) && safe) {
            settled = true;
          }
        });
  }

  private boolean find() {
    return hazelcast.getLifecycleService().isRunning()
        && hazelcast.getPartitionService().isClusterSafe()
        && isQuorate();
  }

  /** A look at what Hazelcast has found already. */
  private boolean isQuorate() {
    return !guarded
        || hazelcast
            .getSplitBrainProtectionService()
            .getSplitBrainProtection(HazelcastConfig.QUORUM)
            .hasMinimumSize();
  }
}
