package chat.parley.cluster;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.function.Consumer;

/**
 * Vert.x's cluster manager, able to start while other nodes come and go: where the cluster can't say for certain that it keeps this
 * node's bus address, or an address that the node listens at, it is told again, which does no harm. Without that the start would
 * fail. Thread-safe as its parent is; no state of its own.
 */
final class PersistentClusterManager extends HazelcastClusterManager {
  private static final int ATTEMPTS = 10;

  PersistentClusterManager(Config config) {
    super(config);
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> told) {
    tell(answer -> super.setNodeInfo(info, answer), told, ATTEMPTS);
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> told) {
    tell(answer -> super.addRegistration(address, info, answer), told, ATTEMPTS);
  }

  private static void tell(
      Consumer<Completable<Void>> telling, Completable<Void> told, int attempts) {
    telling.accept((nothing, failure) -> {
      var again = attempts > 1
          && failure != null
          && Failures.answered(failure) instanceof UnavailableException;
      if (again) {
        tell(telling, told, attempts - 1);
      } else {
        told.complete(null, failure);
      }
    });
  }
}
