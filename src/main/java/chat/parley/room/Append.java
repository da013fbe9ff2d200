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
    var outcomes = new ArrayList<Outcome>(drafts.size());
    for (var draft : drafts) {
      var known = room.known(draft.key());
      var accepted = known == null ? room.accept(draft, now) : known;
      outcomes.add(new Outcome(accepted.seq(), accepted.time(), known != null));
    }
    room.trim(keep, now);
    slot.put(room);
    return new Appended(room.epoch(), room.audience(), outcomes);
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
    Strings.version(in, FORM, "an append");
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

  /** What became of all drafts, in their order, and the nodes that are to hear of it. Immutable by agreement. */
  record Appended(String epoch, String[] audience, List<Outcome> outcomes) implements Wire {
    static final int FORM = 1;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeUTF(epoch);
      Strings.writeAll(out, audience);
      out.writeInt(outcomes.size());
      for (var outcome : outcomes) {
        out.writeLong(outcome.seq());
        out.writeLong(outcome.time());
        out.writeBoolean(outcome.duplicate());
      }
    }

    static Appended read(DataInput in) throws IOException {
      Strings.version(in, FORM, "an append's answer");
      var epoch = in.readUTF();
      var audience = Strings.readAll(in);
      int n = in.readInt();
      var outcomes = new ArrayList<Outcome>(n);
      for (int i = 0; i < n; i++) {
        outcomes.add(new Outcome(in.readLong(), in.readLong(), in.readBoolean()));
      }
      return new Appended(epoch, audience, outcomes);
    }
  }
}
