package chat.parley.cluster;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link Operation} gets to the value: Hazelcast runs this on the thread of the key's partition. Never serialized by
 * Java, whatever the interface says: {@link WireSerialization} has a form for it. Immutable, but for {@link Sweep}.
 */
abstract sealed class OperationProcessor<V extends Wire, R extends Wire>
    implements EntryProcessor<String, V, R> {
  final Operation<V, R> operation;

  OperationProcessor(Operation<V, R> operation) {
    this.operation = operation;
  }

  final EntrySlot<V> slot(Map.Entry<String, V> entry) {
    return new EntrySlot<>(entry, operation.readOnly());
  }

  /** The processor for an operation at single keys. */
  static <V extends Wire, R extends Wire> OperationProcessor<V, R> of(Operation<V, R> operation) {
    if (!operation.readOnly()) {
      return new Change<>(operation);
    }
    return operation.settled() ? new SettledLook<>(operation) : new Look<>(operation);
  }

  /** Runs on the owner and, before the caller hears of it, again on each backup. */
  static final class Change<V extends Wire, R extends Wire> extends OperationProcessor<V, R> {
    Change(Operation<V, R> operation) {
      super(operation);
    }

    @Override
    public R process(Map.Entry<String, V> entry) {
      return operation.apply(slot(entry));
    }
  }

  /** Runs on the owner alone. */
  static final class Look<V extends Wire, R extends Wire> extends OperationProcessor<V, R>
      implements ReadOnly {
    Look(Operation<V, R> operation) {
      super(operation);
    }

    @Override
    public R process(Map.Entry<String, V> entry) {
      return operation.apply(slot(entry));
    }

    @Override
    public @Nullable EntryProcessor<String, V, R> getBackupProcessor() {
      return null;
    }
  }

  /**
   * Runs on the owner, and is answered when each backup has said that it came by there. It travels behind the changes that the owner
   * made before, on the same connection and to the same thread, so the backup has those then.
   */
  static final class SettledLook<V extends Wire, R extends Wire> extends OperationProcessor<V, R> {
    SettledLook(Operation<V, R> operation) {
      super(operation);
    }

    @Override
    public R process(Map.Entry<String, V> entry) {
      return operation.apply(slot(entry));
    }

    @Override
    public EntryProcessor<String, V, R> getBackupProcessor() {
      return new Passing<>(operation);
    }
  }

  /** What a backup gets of a {@link SettledLook}: nothing to do but to answer. */
  static final class Passing<V extends Wire, R extends Wire> extends OperationProcessor<V, R> {
    Passing(Operation<V, R> operation) {
      super(operation);
    }

    @Override
    public @Nullable R process(Map.Entry<String, V> entry) {
      return null;
    }
  }

  /**
   * Runs at every key of one partition, and on its backups only if it changed anything. An instance serves one
   * partition. Confined to that partition's thread.
   */
  static final class Sweep<V extends Wire, R extends Wire> extends OperationProcessor<V, R> {
    private boolean changed;

    Sweep(Operation<V, R> operation) {
      super(operation);
    }

    @Override
    public @Nullable R process(Map.Entry<String, V> entry) {
      var slot = slot(entry);
      operation.apply(slot);
      changed |= slot.changed();
      return null;
    }

    @Override
    public @Nullable EntryProcessor<String, V, R> getBackupProcessor() {
      return changed ? this : null;
    }
  }
}
