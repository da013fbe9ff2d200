package chat.parley.auth;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks for what came after a version of the list. Immutable. */
record BlockNews(long since) implements Operation<BlockState, BlockNews.Answer> {
  static final int FORM = 1;

  /**
   * What came. Immutable.
   *
   * @param version the list's now; less than what was asked for: the list was lost
   * @param whole whether this is all there is, and what is not in it has ended
   */
  record Answer(long version, boolean whole, List<Block> blocks) implements Wire {
    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeLong(version);
      out.writeBoolean(whole);
      out.writeInt(blocks.size());
      for (var one : blocks) {
        one.write(out);
      }
    }

    static Answer read(DataInput in) throws IOException {
      Wire.form(in, FORM, "news of blocks");
      long version = in.readLong();
      boolean whole = in.readBoolean();
      var blocks = new ArrayList<Block>();
      for (int left = in.readInt(); left > 0; left--) {
        blocks.add(Block.read(in));
      }
      return new Answer(version, whole, blocks);
    }
  }

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Answer apply(Slot<BlockState> slot) {
    var state = slot.get();
    return state == null ? new Answer(0, false, List.of()) : state.since(since);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeLong(since);
  }

  static BlockNews read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a question for blocks");
    return new BlockNews(in.readLong());
  }
}
