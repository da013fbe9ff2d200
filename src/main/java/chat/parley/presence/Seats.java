package chat.parley.presence;

import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** All seats of a room as they are at one version. Immutable. */
record Seats(String epoch, long version, List<Seat> seats) implements Wire {
  static final int FORM = 1;

  /** Of a room where nobody is. */
  static final Seats NONE = new Seats("", 0, List.of());

  static Seats of(PresenceState room) {
    return new Seats(room.epoch(), room.version(), List.copyOf(room.seating().all()));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    writeFields(out);
  }

  static Seats read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a room's seats");
    return readFields(in);
  }

  void writeFields(DataOutput out) throws IOException {
    out.writeUTF(epoch);
    out.writeLong(version);
    Form.writeSeats(out, seats);
  }

  static Seats readFields(DataInput in) throws IOException {
    return new Seats(in.readUTF(), in.readLong(), Form.readSeats(in));
  }
}
