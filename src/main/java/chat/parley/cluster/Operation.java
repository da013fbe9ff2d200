package chat.parley.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A change of (or a look at) one value of a {@link SharedMap}, run where the value lives and, if it changes the value, again
 * on each backup. Deterministic: everything it needs, the time included, it carries. It must not throw after a partial
 * change. Immutable.
 *
 * @param <V> the map's values
 * @param <R> what it answers; registered {@link Wire} types only
 */
public interface Operation<V extends Wire, R extends Wire> extends Wire {
  /** Whether it never changes the value: then it does not run on the backups. */
  default boolean readOnly() {
    return false;
  }

  /**
   * Whether a look is answered as a change is, once every backup has all that the owner had done before. What such a look
   * tells, the loss of the owner can't take back; any other may tell of changes that come to nothing with it.
   */
  default boolean settled() {
    return !readOnly();
  }

  /** Runs on the thread that owns the slot, alone. */
  R apply(Slot<V> slot);

  /** Where the value is. Valid only during {@link #apply}. */
  interface Slot<V> {
    String key();

    /** The value, which may be changed in place (then {@link #put} it), or null. */
    @Nullable
    V get();

    /** Keeps the value; needed after a change in place too. */
    void put(V value);

    /** Removes the value. */
    void remove();
  }
}
