package chat.parley.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An {@link Operation}'s view of a Hazelcast entry. Confined to the partition's thread. */
final class EntrySlot<V> implements Operation.Slot<V> {
  private final Map.Entry<String, V> entry;
  private final boolean readOnly;
  private boolean changed;

  EntrySlot(Map.Entry<String, V> entry, boolean readOnly) {
    this.entry = entry;
    this.readOnly = readOnly;
  }

  @Override
  public String key() {
    return entry.getKey();
  }

  @Override
  public @Nullable V get() {
    return entry.getValue();
  }

  @Override
  public void put(V value) {
    mayChange();
    changed = true;
    entry.setValue(value);
  }

  @Override
  @SuppressWarnings("NullAway") // Hazelcast's way to say "remove".
  public void remove() {
    mayChange();
    changed |= entry.getValue() != null;
    entry.setValue(null);
  }

  boolean changed() {
    return changed;
  }

  private void mayChange() {
    if (readOnly) {
      throw new IllegalStateException("a read-only operation changed " + key());
    }
  }
}
