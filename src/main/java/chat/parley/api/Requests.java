package chat.parley.api;

import chat.parley.presence.PresenceNode;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.CloseCode;
import chat.parley.protocol.DirectRoom;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ServerFrame;
import chat.parley.protocol.UserName;
import chat.parley.registry.Lease;
import chat.parley.registry.Registry;
import chat.parley.registry.SessionInfo;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What other programs may ask of Parley, however they ask: a request and its answer are JSON objects. What is out of form throws
 * {@link IllegalArgumentException} or the protocol's own exception, whose messages are for the caller. Called on an event loop of the node.
 */
final class Requests {
  private static final int MOST_ROOMS = 1_000;
  private static final int ROOMS = 100;

  private final RoomNode rooms;
  private final PresenceNode presence;
  private final Registry registry;
  private final int frameBytes;

  /** @param frameBytes the longest message, with all that is around it */
  Requests(RoomNode rooms, PresenceNode presence, Registry registry, int frameBytes) {
    this.rooms = rooms;
    this.presence = presence;
    this.registry = registry;
    this.frameBytes = frameBytes;
  }

  /** Serves one. */
  Future<JsonObject> serve(String action, JsonObject asked) {
    return switch (action) {
      case "publish" -> publish(asked);
      case "history" -> history(asked);
      case "presence" -> presence(asked);
      case "rooms" -> rooms(asked);
      case "nodes" -> nodes();
      case "sessions" -> sessions(asked);
      case "disconnect" -> disconnect(asked);
      default ->
        throw new IllegalArgumentException(
            "\"action\" is \"%s\": expected publish, history, presence, rooms, nodes, sessions or disconnect"
                .formatted(action));
    };
  }

  private Future<JsonObject> publish(JsonObject asked) {
    var user = user(asked);
    var name = text(asked, "name");
    var frame = (ClientFrame.Publish) frame("publish", asked, List.of("room", "id", "data"));
    var given = frame.id();
    var id = given == null ? UUID.randomUUID().toString() : given;
    var draft = new Draft(user, name, id, frame.data());
    return rooms.onThisLoop().publish(room(frame.room()), draft, null).map(receipt -> {
      var answer = JsonObject.of(
          "room", room(frame.room()),
          "id", id,
          "epoch", receipt.epoch(),
          "seq", receipt.seq(),
          "time", receipt.time());
      return receipt.duplicate() ? answer.put("duplicate", true) : answer;
    });
  }

  private Future<JsonObject> history(JsonObject asked) {
    var frame =
        (ClientFrame.History) frame("history", asked, List.of("room", "before", "after", "limit"));
    var room = room(frame.room());
    return rooms
        .onThisLoop()
        .history(room, frame.before(), frame.after(), frame.limit())
        .map(page -> {
          var messages = page.entries().stream()
              .map(entry -> entry.frame(room, page.epoch()))
              .toList();
          return fields(new ServerFrame.History(null, room, page.epoch(), messages, page.more()));
        });
  }

  private Future<JsonObject> presence(JsonObject asked) {
    var frame = (ClientFrame.Presence) frame("presence", asked, List.of("room", "after", "limit"));
    var room = room(frame.room());
    return presence.onThisLoop().list(room, frame.after(), frame.limit()).map(page -> {
      var answer =
          fields(new ServerFrame.Present(null, room, 0, page.count(), page.users(), page.more()));
      answer.remove("version"); // it counts what a client was told
      return answer;
    });
  }

  private static JsonObject fields(ServerFrame frame) {
    var fields = new JsonObject(Buffer.buffer(FrameCodec.encode(frame)));
    fields.remove("type");
    return fields;
  }

  private Future<JsonObject> rooms(JsonObject asked) {
    var limit = asked.getValue("limit", ROOMS);
    if (!(limit instanceof Integer most) || most < 1 || most > MOST_ROOMS) {
      throw new IllegalArgumentException(
          "\"limit\" is %s: expected an integer, 1 to %d".formatted(limit, MOST_ROOMS));
    }
    return rooms.list(text(asked, "cursor"), most).map(page -> {
      var told = array(
          page.rooms(),
          room -> JsonObject.of("room", room.room(), "epoch", room.epoch(), "seq", room.seq()));
      var answer = JsonObject.of("rooms", told);
      return page.cursor() == null ? answer : answer.put("cursor", page.cursor());
    });
  }

  private Future<JsonObject> nodes() {
    return registry.nodes().map(leases -> JsonObject.of("nodes", array(leases, Requests::node)));
  }

  private static JsonObject node(Lease lease) {
    var vitals = lease.vitals();
    return JsonObject.of("node", lease.node(), "address", lease.address())
        .put("version", lease.version())
        .put("started", lease.started())
        .put("renewed", lease.renewed())
        .put("leaving", lease.leaving())
        .put("sessions", vitals.sessions())
        .put("rooms", vitals.rooms())
        .put("lag", vitals.lagMillis())
        .put("cpu", vitals.cpu())
        .put("queued", vitals.queuedBytes());
  }

  private Future<JsonObject> sessions(JsonObject asked) {
    var user = user(asked);
    return registry
        .sessionsOf(user)
        .map(all -> JsonObject.of("user", user, "sessions", array(all, Requests::session)));
  }

  private static JsonObject session(SessionInfo one) {
    return JsonObject.of(
        "session", one.session(),
        "node", one.node(),
        "transport", one.transport(),
        "since", one.since(),
        "seen", one.seen());
  }

  private Future<JsonObject> disconnect(JsonObject asked) {
    var session = text(asked, "session");
    var ended = session == null
        ? registry.disconnectUser(user(asked), CloseCode.BANNED)
        : registry.disconnectSession(session, CloseCode.BANNED);
    return ended.map(done ->
        JsonObject.of("disconnected", done.ended(), "silent", new JsonArray(done.silent())));
  }

  /** The request as the frame that a client would have sent: the same is in form for both. */
  private ClientFrame frame(String type, JsonObject asked, List<String> fields) {
    var frame = JsonObject.of("type", type);
    fields.stream().filter(asked::containsKey).forEach(f -> frame.put(f, asked.getValue(f)));
    var bytes = frame.toBuffer().getBytes();
    if (bytes.length > frameBytes) {
      throw new IllegalArgumentException(
          "%d bytes: expected at most %d".formatted(bytes.length, frameBytes));
    }
    return FrameCodec.decode(bytes);
  }

  private static String room(String name) {
    return DirectRoom.canonical(name);
  }

  private static String user(JsonObject asked) {
    if (asked.getValue("user") instanceof String user && UserName.isValid(user)) {
      return user;
    }
    throw new IllegalArgumentException("\"user\" has to be text: " + UserName.FORM);
  }

  private static @Nullable String text(JsonObject asked, String field) {
    var value = asked.getValue(field);
    if (value == null || (value instanceof String text && text.length() <= 256)) {
      return (String) value;
    }
    throw new IllegalArgumentException(
        "\"" + field + "\" has to be text of at most 256 characters");
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonObject> form) {
    return new JsonArray(items.stream().map(form).toList());
  }
}
