package chat.parley.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the cluster. Reads the list of members anew at each event rather than counting events: over a merge some are
 * not sent. Hazelcast tells only the members that gave up their own half of a merge, and when it is done; they pass it on.
 * Thread-safe: a lock orders the changes; the handlers run under it, one change after the other.
 */
final class Membership implements MembershipListener, LifecycleListener {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private static final String MERGES = "parley.merges";

  private final HazelcastInstance hazelcast;
  private final Runnable beforeHandlers;
  private final String self;
  private final List<Consumer<Cluster.Change>> handlers = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Set<String> nodes;

  Membership(HazelcastInstance hazelcast, Runnable beforeHandlers) {
    this.hazelcast = hazelcast;
    this.beforeHandlers = beforeHandlers;
    this.self = Objects.requireNonNull(
        hazelcast.getCluster().getLocalMember().getAttribute(HazelcastConfig.NODE),
        "a member without " + HazelcastConfig.NODE);
    this.nodes = Set.of(self);
  }

  void start() {
    hazelcast.getCluster().addMembershipListener(this);
    hazelcast.getLifecycleService().addLifecycleListener(this);
    hazelcast.<String>getTopic(MERGES).addMessageListener(told -> {
      if (!self.equals(told.getMessageObject())) {
        refresh(true);
      }
    });
    refresh(false);
  }

  String self() {
    return self;
  }

  Set<String> nodes() {
    return nodes;
  }

  void onChange(Consumer<Cluster.Change> handler) {
    handlers.add(handler);
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    refresh(false);
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    refresh(false);
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
      refresh(true);
      passOn();
    }
  }

  private void passOn() {
    try {
      hazelcast.<String>getTopic(MERGES).publish(self);
    } catch (RuntimeException failure) {
      log.warn("Could not tell the others of the merge", failure);
    }
  }

  private void refresh(boolean merged) {
    lock.lock();
    try {
      var before = nodes;
      var now = members();
      nodes = now;
      var change = new Cluster.Change(without(now, before), without(before, now), merged);
      if (merged || !change.joined().isEmpty() || !change.left().isEmpty()) {
        beforeHandlers.run();
        handlers.forEach(handler -> tell(handler, change));
      }
    } finally {
      lock.unlock();
    }
  }

  private Set<String> members() {
    var found = hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.isLiteMember()) // nobody may count on what only looks
        .map(member -> member.getAttribute(HazelcastConfig.NODE))
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(HashSet::new));
    found.add(self);
    return Set.copyOf(found);
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    return all.stream()
        .filter(node -> !others.contains(node))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void tell(Consumer<Cluster.Change> handler, Cluster.Change change) {
    try {
      handler.accept(change);
    } catch (RuntimeException bug) {
      log.error("A handler failed on {}", change, bug);
    }
  }
}
