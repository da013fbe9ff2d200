package chat.parley.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.TreeSet;

/** A value to test maps with: whoever voted, each once. */
final class Tally implements Mergeable<Tally> {
  final TreeSet<String> votes = new TreeSet<>();

  static Tally read(DataInput in) throws IOException {
    var tally = new Tally();
    in.readByte();
    for (var left = in.readInt(); left > 0; left--) {
      tally.votes.add(in.readUTF());
    }
    return tally;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(1);
    out.writeInt(votes.size());
    for (var vote : votes) {
      out.writeUTF(vote);
    }
  }

  @Override
  public Tally merge(Tally other) {
    votes.addAll(other.votes);
    return this;
  }

  static WireTypes types() {
    return new WireTypes()
        .register(1, Tally.class, Tally::read)
        .register(2, Vote.class, Vote::read)
        .register(3, Count.class, Count::read)
        .register(4, Withdraw.class, in -> new Withdraw())
        .register(5, Break.class, in -> new Break())
        .register(6, Answer.class, Answer::read);
  }

  /** How many voted; −1: nobody was ever asked. And whether this vote was new. */
  record Answer(int count, boolean fresh) implements Wire {
    static Answer read(DataInput in) throws IOException {
      return new Answer(in.readInt(), in.readBoolean());
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeInt(count);
      out.writeBoolean(fresh);
    }
  }

  /** Votes, once for each name. */
  record Vote(String voter) implements Operation<Tally, Answer> {
    static Vote read(DataInput in) throws IOException {
      return new Vote(in.readUTF());
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeUTF(voter);
    }

    @Override
    public Answer apply(Slot<Tally> slot) {
      var present = slot.get();
      var tally = present == null ? new Tally() : present;
      var fresh = tally.votes.add(voter);
      slot.put(tally);
      return new Answer(tally.votes.size(), fresh);
    }
  }

  /** Looks; with {@code meddling}, breaks its promise. */
  record Count(boolean meddling) implements Operation<Tally, Answer> {
    static Count read(DataInput in) throws IOException {
      return new Count(in.readBoolean());
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeBoolean(meddling);
    }

    @Override
    public boolean readOnly() {
      return true;
    }

    @Override
    public Answer apply(Slot<Tally> slot) {
      if (meddling) {
        slot.put(new Tally());
      }
      var tally = slot.get();
      return new Answer(tally == null ? -1 : tally.votes.size(), false);
    }
  }

  /** Removes the tally. */
  record Withdraw() implements Operation<Tally, Answer> {
    @Override
    public void write(DataOutput out) {}

    @Override
    public Answer apply(Slot<Tally> slot) {
      var tally = slot.get();
      slot.remove();
      return new Answer(tally == null ? -1 : tally.votes.size(), false);
    }
  }

  /** A bug. */
  record Break() implements Operation<Tally, Answer> {
    @Override
    public void write(DataOutput out) {}

    @Override
    public Answer apply(Slot<Tally> slot) {
      throw new IllegalStateException("broken at " + slot.key());
    }
  }
}
