package chat.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.spi.impl.operationservice.NamedOperation;
import com.hazelcast.spi.impl.operationservice.impl.Invocation;
import com.hazelcast.spi.impl.operationservice.impl.InvocationRegistry;
import com.hazelcast.spi.impl.operationservice.impl.OperationServiceImpl;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Ends the calls that wait for a backup which died with its member. Hazelcast lets each wait for the whole time-out, and looks for them once a second only: up to two
 * seconds in which nobody can say anything in that room, or come back to it. So for a moment after a loss we look ourselves, and let a call
 * that still waits fail as what it is, doubtful; its caller repeats it, which does no harm if the backup was merely slow.
 * Of our own maps alone: who calls others may not expect to be told so soon.
 *
 * <p>Thread-safe: an atomic count, and Hazelcast's registry, where a call ends once whoever ends it.
 */
final class LostBackups {
  private static final Duration PERIOD = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Looks after a loss: the others hear of it later than we do, and until then send to who is gone. */
  private static final int LOOKS = 40;

  private final Vertx vertx;
  private final Predicate<String> ours;
  private final InvocationRegistry calls;
  private final AtomicInteger looks = new AtomicInteger();

  /** @param ours whether a map of that name is one whose callers repeat what was doubtful */
  LostBackups(HazelcastInstance hazelcast, Vertx vertx, Predicate<String> ours) {
    var anyMap = (MapProxyImpl<?, ?>) hazelcast.<String, String>getMap(HazelcastConfig.AGREED);
    this.vertx = vertx;
    this.ours = ours;
    this.calls = ((OperationServiceImpl) anyMap.getOperationService()).getInvocationRegistry();
  }

  /** A member is gone. */
  void memberLost() {
    if (looks.getAndSet(LOOKS) == 0) {
      look();
    }
  }

  private void look() {
    vertx.setTimer(PERIOD.toMillis(), timer -> {
      endCalls();
      if (looks.decrementAndGet() > 0) {
        look();
      }
    });
  }

  private void endCalls() {
    for (Invocation<?> call : calls) {
      if (call.op instanceof NamedOperation named && ours.test(named.getName())) {
        call.detectAndHandleBackupTimeout(PATIENCE.toMillis());
      }
    }
  }
}
