package chat.parley.registry;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** Asks for a user's sessions, and changes nothing. Immutable. */
record Find(String user) implements Operation<Shard, Find.Found> {
  static final int FORM = 1;

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public Found apply(Slot<Shard> slot) {
    var shard = slot.get();
    return new Found(shard == null ? List.of() : shard.of(user, List.of()));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(user);
  }

  static Find read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a search for sessions");
    return new Find(in.readUTF());
  }

  /** A user's sessions, those on dead nodes too. Immutable. */
  record Found(List<SessionInfo> sessions) implements Wire {
    static final int FORM = 1;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      Forms.writeAll(out, sessions, SessionInfo::write);
    }

    static Found read(DataInput in) throws IOException {
      Wire.form(in, FORM, "found sessions");
      return new Found(Forms.readAll(in, SessionInfo::read));
    }
  }
}
