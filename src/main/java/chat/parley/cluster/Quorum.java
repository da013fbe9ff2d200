package chat.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.splitbrainprotection.impl.RecentlyActiveSplitBrainProtectionFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether enough members were heard of lately, and when that was found out. Hazelcast finds it out at heartbeats, every second and when
 * members come or go, and believes until then what it found before. A process that was frozen and goes on would so believe what was true before: for some tens of
 * milliseconds it has lost the backups of its partitions, not yet the quorum, and says yes to what nobody else has. An answer that is too old is none.
 *
 * <p>Thread-safe: Hazelcast's threads find out, anybody asks; a volatile reference to an immutable finding.
 */
final class Quorum extends RecentlyActiveSplitBrainProtectionFunction {
  private record Finding(boolean there, long at) {}

  private final long recent;
  private final LongSupplier ticks;
  private volatile @Nullable Finding found;

  /**
   * @param size members, this one among them
   * @param recent how long ago a member may have been heard of last, and how old an answer may be
   * @param ticks nanoseconds that never go back
   */
  Quorum(int size, Duration recent, LongSupplier ticks) {
    super(size, Math.toIntExact(recent.toMillis()));
    this.recent = recent.toNanos();
    this.ticks = ticks;
  }

  @Override
  public boolean apply(Collection<Member> members) {
    long now = ticks.getAsLong();
    boolean there = super.apply(members);
    found = new Finding(there, now);
    return there;
  }

  /** Why this node can't be sure of a quorum; null: it can, or has not begun to look for one. */
  @Nullable
  String doubt() {
    var last = found;
    if (last == null) {
      return null;
    }
    if (ticks.getAsLong() - last.at > recent) {
      return "this process stood still and has not heard of the others since";
    }
    return last.there ? null : "no quorum";
  }
}
