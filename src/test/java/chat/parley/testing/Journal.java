package chat.parley.testing;

import chat.parley.protocol.Position;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one client did and saw, in order, over all of its connections: the only thing the {@link Checker} reads. Thread-safe:
 * one lock.
 */
public final class Journal {
  private record Wish(@Nullable Position since, int last) {}

  private final String client;
  private final LongSupplier clock;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Wish> wishes = new HashMap<>();
  /** Rooms, epochs and users are few and come with every frame: one copy of each is enough. */
  private final Map<String, String> words = new HashMap<>();

  /** An empty journal on the JVM's monotonic clock. */
  public Journal(String client) {
    this(client, System::nanoTime);
  }

  /** An empty journal on the given clock (ns). */
  public Journal(String client, LongSupplier clock) {
    this.client = client;
    this.clock = clock;
  }

  /** A journal that was written elsewhere. */
  static Journal of(String client, List<Entry> entries) {
    var journal = new Journal(client);
    synchronized (journal.entries) {
      journal.entries.addAll(entries);
    }
    return journal;
  }

  /** The client's name in reports. */
  public String client() {
    return client;
  }

  /** What is written so far. */
  public List<Entry> entries() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }

  /** The entries of one kind. */
  public <E extends Entry> List<E> entries(Class<E> kind) {
    return entries().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Now, in ns of this journal's clock. */
  public long now() {
    return clock.getAsLong();
  }

  /** A frame is about to go out. */
  public void sent(JsonObject frame) {
    var ref = String.valueOf(frame.getValue("ref"));
    synchronized (entries) {
      switch (String.valueOf(frame.getValue("type"))) {
        case "join" -> wishes.put(ref, wish(frame));
        case "publish" ->
          entries.add(new Entry.Sent(
              now(),
              ref,
              word(frame, "room"),
              frame.getString("id"),
              Json.encode(frame.getValue("data")),
              frame.getBoolean("echo", true)));
        default -> {}
      }
    }
  }

  /** A frame came in. */
  public void received(JsonObject frame) {
    synchronized (entries) {
      var entry = entry(frame);
      if (entry != null) {
        entries.add(entry);
      }
    }
  }

  /** The connection is over. */
  public void ended(int code) {
    synchronized (entries) {
      // Not at the next welcome: a client need not wait for it to send its first join.
      wishes.clear();
      entries.add(new Entry.Ended(now(), code));
    }
  }

  /** All that a room keeps was read; {@code messages} as frames, ascending. */
  public void read(long from, String room, String epoch, List<JsonObject> messages) {
    synchronized (entries) {
      write(new Entry.Read(
          now(), from, room, epoch, messages.stream().map(this::message).toList()));
    }
  }

  private void write(Entry entry) {
    synchronized (entries) {
      entries.add(entry);
    }
  }

  private @Nullable Entry entry(JsonObject frame) {
    return switch (String.valueOf(frame.getValue("type"))) {
      case "welcome" ->
        new Entry.Connected(
            now(), word(frame, "user"), word(frame, "session"), word(frame, "node"));
      case "joined" -> joined(frame);
      case "left" -> new Entry.Left(now(), word(frame, "room"));
      case "message" -> message(frame);
      case "presence" -> departed(frame);
      case "ack" ->
        new Entry.Acked(
            now(),
            String.valueOf(frame.getValue("ref")),
            word(frame, "room"),
            frame.getString("id"),
            word(frame, "epoch"),
            frame.getLong("seq"),
            frame.getBoolean("duplicate", false));
      case "error" ->
        new Entry.Refused(
            now(),
            frame.containsKey("ref") ? String.valueOf(frame.getValue("ref")) : null,
            frame.getString("room"),
            frame.getString("code"));
      default -> null;
    };
  }

  private Entry.@Nullable Departed departed(JsonObject frame) {
    var left = frame.getJsonArray("left");
    return left == null ? null : new Entry.Departed(now(), word(frame, "room"), left.size());
  }

  private Entry joined(JsonObject frame) {
    var wish =
        frame.containsKey("ref") ? wishes.remove(String.valueOf(frame.getValue("ref"))) : null;
    return new Entry.Joined(
        now(),
        word(frame, "room"),
        word(frame, "epoch"),
        frame.getLong("seq"),
        frame.getBoolean("recovered", false),
        wish != null,
        wish == null ? null : wish.since,
        wish == null ? 0 : wish.last);
  }

  private Entry.Received message(JsonObject frame) {
    return new Entry.Received(
        now(),
        word(frame, "room"),
        word(frame, "epoch"),
        frame.getLong("seq"),
        frame.getString("id"),
        word(frame, "user"),
        Json.encode(frame.getValue("data")));
  }

  private static Wish wish(JsonObject frame) {
    var since = frame.getJsonObject("since");
    return new Wish(
        since == null ? null : new Position(since.getString("epoch"), since.getLong("seq")),
        frame.getInteger("last", 0));
  }

  private String word(JsonObject frame, String field) {
    var word = Objects.toString(frame.getValue(field), "");
    return words.computeIfAbsent(word, w -> w);
  }
}
