package chat.parley.registry;

import chat.parley.cluster.Operation;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Drops the sessions of nodes that are gone: of those known to be dead, and of those that are no members and have told nothing for long, which
 * nobody saw dying. Immutable.
 *
 * @param gone nodes known to be dead
 * @param members nodes that live
 * @param before who is no member and told nothing since then, ms since 1970, is taken for dead
 */
record Tidy(List<String> gone, List<String> members, long before)
    implements Operation<Shard, Done> {
  static final int FORM = 1;

  @Override
  public Done apply(Slot<Shard> slot) {
    var shard = slot.get();
    if (shard == null) {
      return new Done();
    }
    boolean changed = false;
    for (var known : shard.nodes().entrySet()) {
      var node = known.getKey();
      boolean lost = !members.contains(node) && known.getValue().at() < before;
      if (gone.contains(node) || lost) {
        changed |= shard.forget(node);
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
    Forms.writeNames(out, gone);
    Forms.writeNames(out, members);
    out.writeLong(before);
  }

  static Tidy read(DataInput in) throws IOException {
    Forms.version(in, FORM, "a tidying of sessions");
    return new Tidy(Forms.readNames(in), Forms.readNames(in), in.readLong());
  }
}
