package chat.parley.bench;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The least that a room's log does: the last 200 messages, and the position each id got. */
final class BenchLog implements Mergeable<BenchLog> {
  private static final int KEPT = 200;

  private final ArrayDeque<Message> kept = new ArrayDeque<>();
  private final Map<String, Long> positions = new HashMap<>();
  private long head;

  static WireTypes types() {
    return new WireTypes()
        .register(1, BenchLog.class, BenchLog::read)
        .register(2, Append.class, Append::read)
        .register(3, Positions.class, Positions::read);
  }

  private long append(Message message) {
    var known = positions.get(message.id);
    return known == null ? add(message) : known;
  }

  private long add(Message message) {
    kept.add(message);
    positions.put(message.id, ++head);
    if (kept.size() > KEPT) {
      positions.remove(kept.remove().id);
    }
    return head;
  }

  static BenchLog read(DataInput in) throws IOException {
    var log = new BenchLog();
    log.head = in.readLong() - in.readInt();
    var count = in.readInt();
    for (var i = 0; i < count; i++) {
      log.add(Message.read(in));
    }
    return log;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeLong(head);
    out.writeInt(kept.size());
    out.writeInt(kept.size());
    for (var message : kept) {
      message.write(out);
    }
  }

  @Override
  public BenchLog merge(BenchLog other) {
    throw new UnsupportedOperationException("no partition is measured");
  }

  /** What one client says. */
  record Message(String id, byte[] data) {
    static Message read(DataInput in) throws IOException {
      var id = in.readUTF();
      var data = new byte[in.readInt()];
      in.readFully(data);
      return new Message(id, data);
    }

    void write(DataOutput out) throws IOException {
      out.writeUTF(id);
      out.writeInt(data.length);
      out.write(data);
    }
  }

  /** Appends whatever waited. */
  record Append(List<Message> messages) implements Operation<BenchLog, Positions> {
    static Append read(DataInput in) throws IOException {
      var count = in.readInt();
      var messages = new ArrayList<Message>(count);
      for (var i = 0; i < count; i++) {
        messages.add(Message.read(in));
      }
      return new Append(messages);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeInt(messages.size());
      for (var message : messages) {
        message.write(out);
      }
    }

    @Override
    public Positions apply(Slot<BenchLog> slot) {
      var present = slot.get();
      var log = present == null ? new BenchLog() : present;
      var positions = messages.stream().mapToLong(log::append).toArray();
      slot.put(log);
      return new Positions(positions);
    }
  }

  /** Where they are. */
  record Positions(long[] positions) implements Wire {
    static Positions read(DataInput in) throws IOException {
      var positions = new long[in.readInt()];
      for (var i = 0; i < positions.length; i++) {
        positions[i] = in.readLong();
      }
      return new Positions(positions);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeInt(positions.length);
      for (var position : positions) {
        out.writeLong(position);
      }
    }
  }
}
