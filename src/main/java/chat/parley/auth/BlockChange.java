package chat.parley.auth;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes words into the list; doing it again changes nothing. Immutable. */
record BlockChange(List<Block> said, long now) implements Operation<BlockState, BlockChange.Taken> {
  static final int FORM = 1;

  /** Whether there was room for all. Immutable. */
  record Taken(boolean all) implements Wire {
    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeBoolean(all);
    }

    static Taken read(DataInput in) throws IOException {
      Wire.form(in, FORM, "an answer about blocks");
      return new Taken(in.readBoolean());
    }
  }

  BlockChange {
    said = List.copyOf(said);
  }

  @Override
  public Taken apply(Slot<BlockState> slot) {
    var present = slot.get();
    var state = present == null ? new BlockState() : present;
    boolean all = state.add(said, now);
    slot.put(state);
    return new Taken(all);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeLong(now);
    out.writeInt(said.size());
    for (var one : said) {
      one.write(out);
    }
  }

  static BlockChange read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a change of blocks");
    long now = in.readLong();
    var said = new ArrayList<Block>();
    for (int left = in.readInt(); left > 0; left--) {
      said.add(Block.read(in));
    }
    return new BlockChange(said, now);
  }
}
