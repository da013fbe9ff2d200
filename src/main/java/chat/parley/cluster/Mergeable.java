package chat.parley.cluster;

/** A value that two halves of a parted cluster may both have changed. */
public interface Mergeable<V> extends Wire {
  /**
   * Unites this value, of the half that goes on, with the other half's: nothing that either promised may be missing.
   * Deterministic. May change this one; runs on the thread that owns it.
   *
   * @return what to keep
   */
  V merge(V other);
}
