package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import chat.parley.room.Append.Appended;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rooms and messages for tests, and their binary forms. Pure. */
final class Samples {
  static final String ROOM = "lobby";
  static final Retention PLENTY = new Retention(100_000, 86_400_000, 100_000);

  private Samples() {}

  /** What ann says under that id. */
  static Draft draft(String id) {
    return new Draft("ann", "Ann", id, bytes("\"" + id + "\""));
  }

  static List<Draft> drafts(String... ids) {
    return Stream.of(ids).map(Samples::draft).toList();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Append append(long now, Retention keep, String... ids) {
    return new Append("e1", now, keep, drafts(ids), List.of());
  }

  /** A room with these messages in it. */
  static RoomState room(String epoch, String... ids) {
    var room = new RoomState(epoch);
    for (var id : ids) {
      room.accept(draft(id), 1_000);
    }
    return room;
  }

  /** A room beside any map. */
  static final class Cell implements Operation.Slot<RoomState> {
    @Nullable
    RoomState room;

    int puts;

    Cell(@Nullable RoomState room) {
      this.room = room;
    }

    @Override
    public String key() {
      return ROOM;
    }

    @Override
    public @Nullable RoomState get() {
      return room;
    }

    @Override
    public void put(RoomState value) {
      room = value;
      puts++;
    }

    @Override
    public void remove() {
      room = null;
    }
  }

  /** Puts another half's room and this one together. */
  record Unite(RoomState other) implements Operation<RoomState, Head> {
    @Override
    public Head apply(Slot<RoomState> slot) {
      var room = java.util.Objects.requireNonNull(slot.get());
      slot.put(room.merge(copy(other)));
      return Head.of(room);
    }

    @Override
    public void write(DataOutput out) {
      throw new UnsupportedOperationException("stays here");
    }
  }

  /** Hands out a copy of the room, and changes nothing. */
  record CopyOut(List<RoomState> into) implements Operation<RoomState, Head> {
    @Override
    public boolean readOnly() {
      return true;
    }

    @Override
    public Head apply(Slot<RoomState> slot) {
      into.add(copy(java.util.Objects.requireNonNull(slot.get())));
      return Head.ABSENT;
    }

    @Override
    public void write(DataOutput out) {
      throw new UnsupportedOperationException("stays here");
    }
  }

  static RoomState snapshot(SharedMap<RoomState> map) {
    var copies = new ArrayList<RoomState>();
    Await.result("a copy", map.submit(ROOM, new CopyOut(copies)));
    return copies.getFirst();
  }

  static byte[] written(Wire value) {
    var bytes = new ByteArrayOutputStream();
    try {
      value.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static <T extends Wire> T copy(T value, WireTypes.Reader<T> reader) {
    var in = new DataInputStream(new ByteArrayInputStream(written(value)));
    try {
      var read = reader.read(in);
      if (in.available() > 0) {
        throw new AssertionError(in.available() + " bytes were written and not read");
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RoomState copy(RoomState room) {
    return copy(room, RoomState::read);
  }

  /** The ids that are kept, in their order. */
  static List<String> ids(RoomState room) {
    return room.after(0, Integer.MAX_VALUE, Integer.MAX_VALUE).stream()
        .map(LogEntry::id)
        .toList();
  }

  /** What an append's node would send around. */
  static Messages told(Append append, Appended answer) {
    var lines = new ArrayList<Line>();
    long first = 0;
    for (int i = 0; i < append.drafts().size(); i++) {
      var outcome = answer.outcomes().get(i);
      if (!outcome.duplicate()) {
        first = lines.isEmpty() ? outcome.seq() : first;
        lines.add(line(answer.epoch(), outcome.seq(), append.drafts().get(i).id()));
      }
    }
    return new Messages(answer.epoch(), first, lines);
  }

  /** A frame as short as tests need it. */
  static Line line(String epoch, long seq, String id) {
    var frame = new JsonObject().put("epoch", epoch).put("seq", seq).put("id", id);
    return new Line(frame.toBuffer().getBytes(), null);
  }

  /** One line as a test looks at it. */
  record Seen(String epoch, long seq, String id) {
    static Seen of(byte[] json) {
      var frame = new JsonObject(io.vertx.core.buffer.Buffer.buffer(json));
      return new Seen(frame.getString("epoch"), frame.getLong("seq"), frame.getString("id"));
    }
  }
}
