package chat.parley.cluster;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of a node that is alone: plain maps, no port, no other process. Operations run on the calling thread and their
 * futures are complete when they are returned, so a single node pays nothing for what several would need, and a test
 * needs no waiting. Thread-safe: concurrent maps.
 */
public final class LocalCluster implements Cluster {
  private final String nodeId;
  private final Map<String, LocalMap<?>> maps = new ConcurrentHashMap<>();
  private final Map<String, String> agreed = new ConcurrentHashMap<>();

  /** A cluster of one, whose incarnation has that name; {@link NodeId#next} makes one. */
  public LocalCluster(String nodeId) {
    this.nodeId = nodeId;
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public Set<String> nodes() {
    return Set.of(nodeId);
  }

  /** Never calls back: nobody comes or goes. */
  @Override
  public void onChange(Consumer<Change> handler) {}

  @Override
  @SuppressWarnings("unchecked") // The contract: one type of value per name.
  public <V extends Mergeable<V>> SharedMap<V> map(String name) {
    return (SharedMap<V>) maps.computeIfAbsent(name, any -> new LocalMap<V>());
  }

  @Override
  public boolean safe() {
    return true;
  }

  @Override
  public @Nullable String hindrance() {
    return null;
  }

  @Override
  public Future<String> agree(String name, String offer) {
    var earlier = agreed.putIfAbsent(name, offer);
    return Future.succeededFuture(earlier == null ? offer : earlier);
  }
}
