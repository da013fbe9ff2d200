package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.room.LogEntry.Draft;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Accepts messages into a room: drops what it knows already, gives the rest their positions, and tells who listens. Immutable.
 *
 * @param epoch the numbering's name if the room has to be made
 * @param now the sender node's clock, ms since 1970
 * @param gone nodes that are known to be dead: the room forgets them
 */
record Append(String epoch, long now, Retention keep, List<Draft> drafts, List<String> gone)
    implements Operation<RoomState, Append.Appended> {
  static final int FORM = 1;

  @Override
  public Appended apply(Slot<RoomState> slot) {
    var present = slot.get();
    var room = present == null ? new RoomState(epoch) : present;
    room.forget(gone);
    long first = room.head() + 1;
    var repeats = new ArrayList<Repeat>(0);
    var ids = room.seek(drafts);
    for (int i = 0; i < drafts.size(); i++) {
      var known = room.accept(drafts.get(i), ids[i], now);
      if (known != null) {
        repeats.add(new Repeat(i, known.seq(), known.time()));
      }
    }
    room.trim(keep, now);
    slot.put(room);
    return new Appended(room.epoch(), room.audience(), drafts.size(), first, room.time(), repeats);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(epoch);
    out.writeLong(now);
    keep.write(out);
    out.writeInt(drafts.size());
    for (var draft : drafts) {
      draft.write(out);
    }
    Strings.writeAll(out, gone.toArray(String[]::new));
  }

  static Append read(DataInput in) throws IOException {
    Wire.form(in, FORM, "an append");
    var epoch = in.readUTF();
    long now = in.readLong();
    var keep = Retention.read(in);
    int n = in.readInt();
    var drafts = new ArrayList<Draft>(n);
    for (int i = 0; i < n; i++) {
      drafts.add(Draft.read(in));
    }
    return new Append(epoch, now, keep, drafts, List.of(Strings.readAll(in)));
  }

  /** What became of one draft. {@code duplicate}: it had been accepted before, at that position and time. */
  record Outcome(long seq, long time, boolean duplicate) {}

  /** The draft at that index had been accepted before. */
  record Repeat(int index, long seq, long time) {}

  /**
   * What became of the drafts, and the nodes that are to hear of it. Those that were new stand in their order from {@code first} on, all accepted at {@code time}.
   * Immutable by agreement.
   *
   * @param drafts how many there were
   * @param repeats those that were not new, in their order: few, or none
   */
  record Appended(
      String epoch, String[] audience, int drafts, long first, long time, List<Repeat> repeats)
      implements Wire {
    static final int FORM = 1;

    /** How many were new. */
    int fresh() {
      return drafts - repeats.size();
    }

    /** What became of each, in the drafts' order. */
    List<Outcome> outcomes() {
      var outcomes = new ArrayList<Outcome>(drafts);
      long next = first;
      int repeated = 0;
      for (int i = 0; i < drafts; i++) {
        if (repeated < repeats.size() && repeats.get(repeated).index() == i) {
          var repeat = repeats.get(repeated++);
          outcomes.add(new Outcome(repeat.seq(), repeat.time(), true));
        } else {
          outcomes.add(new Outcome(next++, time, false));
        }
      }
      return outcomes;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeUTF(epoch);
      Strings.writeAll(out, audience);
      out.writeInt(drafts);
      out.writeLong(first);
      out.writeLong(time);
      out.writeInt(repeats.size());
      for (var repeat : repeats) {
        out.writeInt(repeat.index());
        out.writeLong(repeat.seq());
        out.writeLong(repeat.time());
      }
    }

    static Appended read(DataInput in) throws IOException {
      Wire.form(in, FORM, "an append's answer");
      var epoch = in.readUTF();
      var audience = Strings.readAll(in);
      int drafts = in.readInt();
      long first = in.readLong();
      long time = in.readLong();
      int n = in.readInt();
      var repeats = new ArrayList<Repeat>(n);
      for (int i = 0; i < n; i++) {
        repeats.add(new Repeat(in.readInt(), in.readLong(), in.readLong()));
      }
      return new Appended(epoch, audience, drafts, first, time, repeats);
    }
  }
}
