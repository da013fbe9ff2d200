package chat.parley.relay;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Housekeeping: a session whose node is no more is nobody's. Immutable.
 *
 * @param living the nodes of the cluster
 * @param before sessions claimed later than this stay, ms since 1970: their node may be newer than the list
 */
record Forget(Set<String> living, long before) implements Operation<Owner, Owner> {
  private static final int FORM = 1;

  @Override
  public Owner apply(Slot<Owner> slot) {
    var owner = slot.get();
    if (owner != null && owner.since() < before && !living.contains(owner.node())) {
      slot.remove();
    }
    return Owner.NOBODY;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeLong(before);
    out.writeInt(living.size());
    for (var node : living) {
      out.writeUTF(node);
    }
  }

  static Forget read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a forgetting");
    long before = in.readLong();
    var living = new HashSet<String>();
    for (int left = in.readInt(); left > 0; left--) {
      living.add(in.readUTF());
    }
    return new Forget(Set.copyOf(living), before);
  }
}
