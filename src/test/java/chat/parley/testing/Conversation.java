package chat.parley.testing;

import chat.parley.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of one connection, whatever carries it. Calls that wait are for a test's thread, never for an event loop.
 * Thread-safe: sending hops to the connection's own thread, receiving is the inbox.
 */
public interface Conversation extends AutoCloseable {
  /** What has been received. */
  Inbox inbox();

  /** Sends one text frame as it is, good or bad. */
  Future<Void> sendText(String text);

  /** Ends the connection politely and waits until it is. */
  @Override
  void close();

  /** What this client did and saw. */
  default Journal journal() {
    return inbox().journal();
  }

  /** Sends one frame. */
  default Future<Void> send(JsonObject frame) {
    journal().sent(frame);
    return sendText(frame.encode());
  }

  /** Sends the frame with a fresh {@code ref}; the answer, or {@link RefusedException}. */
  default Future<JsonObject> request(JsonObject frame) {
    var request = frame.copy();
    request.put("ref", inbox().nextRef());
    var answer = inbox().answerTo(request);
    return send(request).compose(sent -> answer);
  }

  /** Joins a room and waits until it is joined. */
  default Conversation join(String room) {
    return joinWith(JsonObject.of("type", "join", "room", room));
  }

  /** Joins with the last so many messages. */
  default Conversation join(String room, int last) {
    return joinWith(JsonObject.of("type", "join", "room", room, "last", last));
  }

  /** Joins where it left off. */
  default Conversation join(String room, Position since) {
    var position = JsonObject.of("epoch", since.epoch(), "seq", since.seq());
    return joinWith(JsonObject.of("type", "join", "room", room, "since", position));
  }

  private Conversation joinWith(JsonObject frame) {
    var joined = Await.result(journal().client() + " joins " + frame, request(frame));
    if (!"joined".equals(joined.getString("type"))) {
      throw new AssertionError("join was answered with " + joined);
    }
    return this;
  }

  /** Leaves a room and waits for the answer. */
  default Conversation leave(String room) {
    var frame = JsonObject.of("type", "leave", "room", room);
    var left = Await.result(journal().client() + " leaves " + room, request(frame));
    assert left.getString("type").equals("left") : left;
    return this;
  }

  /** Publishes under an id of the server's; the ack. */
  default Future<JsonObject> publish(String room, Object data) {
    return request(JsonObject.of("type", "publish", "room", room, "data", data));
  }

  /** Publishes under an id of one's own; the ack. */
  default Future<JsonObject> publish(String room, Object data, String id) {
    return request(JsonObject.of("type", "publish", "room", room, "data", data, "id", id));
  }

  /** Publishes and waits for the ack. */
  default JsonObject awaitAck(String room, Object data, String id) {
    return Await.result(journal().client() + " publishes " + id, publish(room, data, id));
  }

  /** Takes the next frame of this type. */
  default JsonObject await(String type) {
    return await(type, Await.SOON);
  }

  /** Takes the next frame of this type within the time. */
  default JsonObject await(String type, Duration limit) {
    return await("`" + type + "`", frame -> type.equals(frame.getString("type")), limit);
  }

  /** Takes the next frame that fits; {@code what} names it when it does not come. */
  default JsonObject await(String what, Predicate<JsonObject> fits, Duration limit) {
    return inbox().take(what, fits, limit);
  }

  /** The messages of a room received so far, repeats included. */
  default List<JsonObject> messages(String room) {
    return inbox().frames().stream().filter(frame -> isMessage(frame, room)).toList();
  }

  /** Waits until a room has brought so many messages, repeats included. */
  default List<JsonObject> awaitMessages(String room, int count, Duration limit) {
    return inbox().awaitCount("message in " + room, count, frame -> isMessage(frame, room), limit);
  }

  /** The {@code joined} that this room was last answered or told with. */
  default JsonObject joined(String room) {
    return inbox().frames().stream()
        .filter(frame -> "joined".equals(frame.getString("type")))
        .filter(frame -> room.equals(frame.getString("room")))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new AssertionError(journal().client() + " never joined " + room));
  }

  /** The server's last words, or null. */
  default @Nullable JsonObject bye() {
    return inbox().frames().stream()
        .filter(frame -> "bye".equals(frame.getString("type")))
        .findFirst()
        .orElse(null);
  }

  /** Waits for the connection's end. */
  default Ending awaitEnding(Duration limit) {
    return inbox().awaitEnding(limit);
  }

  /** Reads all that the room keeps, ascending, into the journal; begins again if the numbering changes meanwhile. */
  default List<JsonObject> readAll(String room) {
    var from = journal().now();
    var messages = new ArrayList<JsonObject>();
    String epoch = null;
    Long before = null;
    for (var more = true; more; ) {
      var ask = JsonObject.of("type", "history", "room", room, "limit", 100);
      var page = Await.result(
          "history of " + room, request(before == null ? ask : ask.put("before", before)));
      var changed = epoch != null && !Objects.equals(epoch, page.getString("epoch"));
      if (changed) {
        messages.clear();
        before = null;
        epoch = null;
        continue;
      }
      epoch = page.getString("epoch");
      var part =
          page.getJsonArray("messages").stream().map(JsonObject.class::cast).toList();
      messages.addAll(0, part);
      more = page.getBoolean("more") && !part.isEmpty();
      before = part.isEmpty() ? before : part.getFirst().getLong("seq");
    }
    journal().read(from, room, Objects.requireNonNull(epoch), messages);
    return List.copyOf(messages);
  }

  private static boolean isMessage(JsonObject frame, String room) {
    return "message".equals(frame.getString("type")) && room.equals(frame.getString("room"));
  }
}
