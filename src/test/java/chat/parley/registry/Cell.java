package chat.parley.registry;

import chat.parley.cluster.Operation;
import org.jspecify.annotations.Nullable;

/** One value, for operations to work on. Confined to the test's thread. */
final class Cell<V> implements Operation.Slot<V> {
  @Nullable
  V value;

  int puts;

  @Override
  public String key() {
    return "key";
  }

  @Override
  public @Nullable V get() {
    return value;
  }

  @Override
  public void put(V changed) {
    value = changed;
    puts++;
  }

  @Override
  public void remove() {
    value = null;
  }
}
