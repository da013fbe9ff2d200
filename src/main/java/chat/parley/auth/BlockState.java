package chat.parley.auth;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The cluster's list of what is blocked. Each change has a version, so that a node asks only for what it doesn't have yet. Confined to the
 * partition's thread.
 */
final class BlockState implements Mergeable<BlockState> {
  /** More than these at a time are refused. */
  static final int MOST = 100_000;

  static final int FORM = 1;

  /** How long an end is remembered, for nodes that have not heard of it. */
  private static final long REMEMBERED = Duration.ofMinutes(10).toMillis();

  private static final long SWEEP = Duration.ofMinutes(1).toMillis();

  private final Map<String, Block> blocks = new LinkedHashMap<>();
  private long version;
  private long forgotten;
  private long swept;

  /** Takes them in where they are news; false if there is no room for one that is. */
  boolean add(Collection<Block> said, long now) {
    boolean all = true;
    for (var one : said) {
      var known = blocks.get(one.key());
      if (known == null && blocks.size() >= MOST && swept != now) {
        forget(now);
      }
      if (known == null && blocks.size() >= MOST) {
        all = false;
      } else if (known == null || one.isNewer(known)) {
        version++;
        blocks.put(one.key(), one.as(version));
      }
    }
    if (now - swept > SWEEP) {
      forget(now);
    }
    return all;
  }

  private void forget(long now) {
    swept = now;
    var each = blocks.values().iterator();
    while (each.hasNext()) {
      var one = each.next();
      if (Math.max(one.at(), one.until()) + REMEMBERED < now) {
        forgotten = Math.max(forgotten, one.version());
        each.remove();
      }
    }
  }

  /** What came after that version; everything, if the asker may have what is forgotten here. */
  BlockNews.Answer since(long since) {
    boolean whole = since < forgotten;
    var news =
        blocks.values().stream().filter(one -> whole || one.version() > since).toList();
    return new BlockNews.Answer(version, whole, news);
  }

  /** Both halves' words hold, and every node hears all of it again, for each half has counted for itself. */
  @Override
  public BlockState merge(BlockState other) {
    long next = Math.max(version, other.version) + 1;
    other.blocks.values().forEach(one -> {
      var known = blocks.get(one.key());
      if (known == null || one.isNewer(known)) {
        blocks.put(one.key(), one);
      }
    });
    blocks.replaceAll((key, one) -> one.as(next));
    version = next;
    forgotten = next;
    return this;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeLong(version);
    out.writeLong(forgotten);
    out.writeInt(blocks.size());
    for (var one : blocks.values()) {
      one.write(out);
    }
  }

  static BlockState read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a list of blocks");
    var state = new BlockState();
    state.version = in.readLong();
    state.forgotten = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      var one = Block.read(in);
      state.blocks.put(one.key(), one);
    }
    return state;
  }
}
