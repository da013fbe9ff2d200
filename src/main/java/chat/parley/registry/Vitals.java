package chat.parley.registry;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How a node is doing. Immutable.
 *
 * @param sessions connections whose user is known
 * @param rooms rooms with members on it
 * @param lagMillis how long its busiest event loop took to answer
 * @param cpu the share of the machine's processors that the process used lately, 0–1; negative: not known
 * @param queuedBytes what waits for other nodes
 */
public record Vitals(int sessions, int rooms, int lagMillis, double cpu, long queuedBytes) {
  void write(DataOutput out) throws IOException {
    out.writeInt(sessions);
    out.writeInt(rooms);
    out.writeInt(lagMillis);
    out.writeDouble(cpu);
    out.writeLong(queuedBytes);
  }

  static Vitals read(DataInput in) throws IOException {
    return new Vitals(in.readInt(), in.readInt(), in.readInt(), in.readDouble(), in.readLong());
  }
}
