package chat.parley.registry;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Drops the sessions of nodes that have gone. Immutable. */
record Tidy(Departed departed) implements Operation<Shard, Done> {
  static final int FORM = 1;

  @Override
  public Done apply(Slot<Shard> slot) {
    var shard = slot.get();
    if (shard == null) {
      return new Done();
    }
    boolean changed = false;
    for (var known : shard.nodes().entrySet()) {
      if (departed.has(known.getKey(), known.getValue().at())) {
        changed |= shard.forget(known.getKey());
      }
    }
    if (shard.isEmpty()) {
      slot.remove();
    } else if (changed) {
      slot.put(shard);
    }
    return new Done();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    departed.write(out);
  }

  static Tidy read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a tidying of sessions");
    return new Tidy(Departed.read(in));
  }
}
