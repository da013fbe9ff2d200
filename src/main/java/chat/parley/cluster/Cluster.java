package chat.parley.cluster;

import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes that share rooms, as this one sees them. Thread-safe. */
public interface Cluster {
  /** This process's incarnation: unique, new at every start, the same over a split and its merge. URL-safe, ≤ 16 characters. */
  String nodeId();

  /** The address of this machine at which the other nodes reach it. */
  String host();

  /**
   * Incarnations that are alive as far as is known here, this one included. A cheap read of a snapshot. Members of the cluster that are no node of ours, or that
   * keep nothing and only look, are not among them.
   */
  Set<String> nodes();

  /** Whether this node is the one that keeps house for all: the one whose id comes first. */
  default boolean keepsHouse() {
    return nodes().stream().allMatch(other -> nodeId().compareTo(other) <= 0);
  }

  /** Calls back (on any thread) after each change of {@link #nodes()} and after a merge. Never unregistered: for parts that live as long as the node. */
  void onChange(Consumer<Change> handler);

  /**
   * The map of that name. {@code V}'s and its operations' types are in the {@link WireTypes} the cluster was made with.
   */
  <V extends Mergeable<V>> SharedMap<V> map(String name);

  /** Whether everything has its backup, and a quorum (where one is asked for) is there. */
  boolean safe();

  /**
   * Why this node can't serve clients now; null: it can. It can once the cluster was safe since it joined, and for as long as a quorum (where one is asked for) is
   * there. That rooms move later on, since other nodes come or go, keeps nobody from serving. A cheap read.
   */
  @Nullable
  String hindrance();

  /** A value all nodes agree on: the first one that anybody offered under the name. */
  Future<String> agree(String name, String offer);

  /**
   * What changed.
   *
   * @param merged whether two halves have become one again and their values are united; every node is told, perhaps more
   *     than once
   */
  record Change(Set<String> joined, Set<String> left, boolean merged) {}
}
