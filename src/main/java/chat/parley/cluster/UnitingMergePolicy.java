package chat.parley.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingEntry;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a value that both halves of a parted cluster have: the value itself says, through {@link Mergeable}. Runs
 * at the owner of the key on the side that goes on; the result goes to the backups from there. Immutable.
 */
public final class UnitingMergePolicy
    implements SplitBrainMergePolicy<Object, MergingEntry<Object, Object>, Object>,
        IdentifiedDataSerializable {
  @Override
  public Object merge(
      MergingEntry<Object, Object> merging, @Nullable MergingEntry<Object, Object> existing) {
    Object other = merging.getDeserializedValue();
    Object kept = existing == null ? null : existing.getDeserializedValue();
    return kept == null ? other : unite((Mergeable<?>) kept, other);
  }

  @SuppressWarnings("unchecked") // A map has one type of value.
  private static <V extends Mergeable<V>> V unite(Mergeable<?> kept, Object other) {
    return ((V) kept).merge((V) other);
  }

  @Override
  public int getFactoryId() {
    return WireSerialization.policies();
  }

  @Override
  public int getClassId() {
    return 1;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
