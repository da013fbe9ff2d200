package chat.parley.presence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The small shapes that presence's binary forms share. Pure. */
final class Form {
  private Form() {}

  static void writeSeats(DataOutput out, List<Seat> seats) throws IOException {
    out.writeInt(seats.size());
    for (var seat : seats) {
      seat.write(out);
    }
  }

  static List<Seat> readSeats(DataInput in) throws IOException {
    int n = in.readInt();
    var seats = new ArrayList<Seat>(Math.min(n, 10_000));
    for (int i = 0; i < n; i++) {
      seats.add(Seat.read(in));
    }
    return List.copyOf(seats);
  }

  static void writeNames(DataOutput out, List<String> names) throws IOException {
    out.writeInt(names.size());
    for (var name : names) {
      out.writeUTF(name);
    }
  }

  static List<String> readNames(DataInput in) throws IOException {
    int n = in.readInt();
    var names = new ArrayList<String>(Math.min(n, 10_000));
    for (int i = 0; i < n; i++) {
      names.add(in.readUTF());
    }
    return List.copyOf(names);
  }
}
