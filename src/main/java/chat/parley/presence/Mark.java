package chat.parley.presence;

import chat.parley.cluster.Wire;
import chat.parley.presence.Seating.Tally;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** By what a room's presence can be compared: its version, and each node's tally. Immutable. */
record Mark(String epoch, long version, Map<String, Tally> tallies) implements Wire {
  static final int FORM = 1;

  /** Of a room where nobody is. */
  static final Mark NONE = new Mark("", 0, Map.of());

  static Mark of(@Nullable PresenceState room) {
    return room == null
        ? NONE
        : new Mark(room.epoch(), room.version(), Map.copyOf(room.seating().tallies()));
  }

  Tally tally(String node) {
    return tallies.getOrDefault(node, Tally.NONE);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(epoch);
    out.writeLong(version);
    out.writeInt(tallies.size());
    for (var tally : tallies.entrySet()) {
      out.writeUTF(tally.getKey());
      out.writeInt(tally.getValue().seats());
      out.writeLong(tally.getValue().digest());
    }
  }

  static Mark read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a presence's mark");
    var epoch = in.readUTF();
    long version = in.readLong();
    int n = in.readInt();
    var tallies = new HashMap<String, Tally>();
    for (int i = 0; i < n; i++) {
      tallies.put(in.readUTF().intern(), new Tally(in.readInt(), in.readLong()));
    }
    return new Mark(epoch, version, Map.copyOf(tallies));
  }
}
