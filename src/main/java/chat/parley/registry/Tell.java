package chat.parley.registry;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What a node has to tell of its sessions in one share. Immutable by agreement.
 *
 * @param number rises with each call of the node to that share
 * @param now the node's clock, ms since 1970
 * @param whole whether {@code opened} is all there is: what else was known of the node's is dropped
 * @param opened sessions that came, or are still there
 * @param closed sessions that went
 * @param gone nodes known to be dead, whose sessions don't count
 */
record Tell(
    String node,
    long number,
    long now,
    boolean whole,
    List<SessionInfo> opened,
    List<Closed> closed,
    List<String> gone)
    implements Operation<Shard, Tell.Counts> {
  static final int FORM = 1;

  /** A session that went. */
  record Closed(String user, String session) {}

  @Override
  public Counts apply(Slot<Shard> slot) {
    var present = slot.get();
    var shard = present == null ? new Shard() : present;
    if (shard.isNews(node, number)) {
      if (whole) {
        shard.clear(node);
      }
      opened.forEach(shard::put);
      closed.forEach(one -> shard.remove(one.user(), one.session()));
      shard.told(node, number, now);
      slot.put(shard);
    }
    return new Counts(
        opened.stream().mapToInt(one -> shard.count(one.user(), gone)).toArray());
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
    out.writeLong(number);
    out.writeLong(now);
    out.writeBoolean(whole);
    Forms.writeAll(out, opened, SessionInfo::write);
    Forms.writeAll(out, closed, (one, to) -> {
      to.writeUTF(one.user());
      to.writeUTF(one.session());
    });
    Forms.writeNames(out, gone);
  }

  static Tell read(DataInput in) throws IOException {
    Wire.form(in, FORM, "news of sessions");
    return new Tell(
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        Forms.readAll(in, SessionInfo::read),
        Forms.readAll(in, from -> new Closed(from.readUTF(), from.readUTF())),
        Forms.readNames(in));
  }

  /** How many sessions the user of each opened one now has in the cluster, that one included. Immutable by agreement. */
  record Counts(int[] counts) implements Wire {
    static final int FORM = 1;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeInt(counts.length);
      for (int count : counts) {
        out.writeInt(count);
      }
    }

    static Counts read(DataInput in) throws IOException {
      Wire.form(in, FORM, "counts of sessions");
      var counts = new int[in.readInt()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = in.readInt();
      }
      return new Counts(counts);
    }

    @Override
    public String toString() {
      return "Counts" + Arrays.toString(counts);
    }
  }
}
