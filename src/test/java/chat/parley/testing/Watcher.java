package chat.parley.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a user that keeps the presence of the rooms it has joined; light enough for thousands. It does not come back by itself: a
 * test that wants that connects anew. Thread-safe: concurrent maps, volatile fields.
 */
public final class Watcher {
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final String user;
  private final Vertx vertx;
  private final Map<String, PresenceList> rooms = new ConcurrentHashMap<>();
  private final Map<String, Promise<JsonObject>> joining = new ConcurrentHashMap<>();
  private volatile boolean lists = true;
  private volatile Predicate<JsonObject> heard = push -> true;
  private volatile @Nullable ChatClient connection;
  private volatile boolean open;

  private Watcher(Vertx vertx, String user) {
    this.vertx = vertx;
    this.user = user;
  }

  /** Connects to {@code ws://host:port/ws}. */
  public static Future<Watcher> connect(Vertx vertx, URI node, String user) {
    var watcher = new Watcher(vertx, user);
    Context context = Dialer.ownLoop(vertx);
    var inbox = Inbox.handing(new Journal(user), watcher::received, ending -> watcher.open = false);
    var options = ChatClient.options(node, Tokens.of(user)).setTimeout(10_000);
    watcher.open = true;
    return ChatClient.open(Dialer.of(vertx), context, options, inbox).map(opened -> {
      watcher.connection = opened;
      return watcher;
    });
  }

  /** From now on only the counts are kept, for rooms that are too large to list. */
  public Watcher countsOnly() {
    lists = false;
    return this;
  }

  /** From now on it hears only those pushes: the others are lost on the way. */
  public void hearOnly(Predicate<JsonObject> some) {
    heard = some;
  }

  /** Joins; the answer. */
  public Future<JsonObject> join(String room) {
    Promise<JsonObject> joined = Promise.promise();
    joining.put(room, joined);
    rooms.put(room, new PresenceList());
    return say(JsonObject.of("type", "join", "room", room, "ref", "join"))
        .compose(sent -> joined.future());
  }

  /** Leaves, and means to. */
  public Future<Void> leave(String room) {
    rooms.remove(room);
    return say(JsonObject.of("type", "leave", "room", room));
  }

  private Future<Void> say(JsonObject frame) {
    var to = connection;
    return to == null ? Future.failedFuture("not connected") : to.sendText(frame.encode());
  }

  private void received(JsonObject frame) {
    var room = frame.getString("room", "");
    var list = rooms.get(room);
    if (list == null) {
      return;
    }
    switch (frame.getString("type")) {
      case "joined" -> joined(room, list, frame);
      case "presence" -> presence(room, list, frame);
      case "error" -> vertx.setTimer(AGAIN.toMillis(), timer -> again(room, frame));
      default -> {}
    }
  }

  private void joined(String room, PresenceList list, JsonObject frame) {
    if (frame.containsKey("ref")) {
      list.joined();
      ask(room);
      var waiting = joining.remove(room);
      if (waiting != null) {
        waiting.tryComplete(frame);
      }
    }
  }

  private void presence(String room, PresenceList list, JsonObject frame) {
    if (frame.containsKey("users")) {
      if (list.answered(frame)) {
        ask(room);
      }
    } else if (heard.test(frame) && list.pushed(frame)) {
      ask(room);
    }
  }

  private void again(String room, JsonObject refusal) {
    if (!rooms.containsKey(room)) {
      return; // it has left meanwhile
    }
    if ("join".equals(refusal.getString("ref"))) {
      say(JsonObject.of("type", "join", "room", room, "ref", "join")).onFailure(gone -> {});
    } else {
      ask(room);
    }
  }

  private void ask(String room) {
    var question = JsonObject.of("type", "presence", "room", room, "ref", "presence");
    say(lists ? question : question.put("limit", 1)).onFailure(gone -> {});
  }

  /** Whose connection it is. */
  public String user() {
    return user;
  }

  /** Whether the connection is open as far as this side knows. */
  public boolean isOpen() {
    return open;
  }

  /** The rooms it has joined and not left. */
  public Map<String, PresenceList> rooms() {
    return rooms;
  }

  /** What it knows of a room. */
  public PresenceList room(String room) {
    var list = rooms.get(room);
    if (list == null) {
      throw new AssertionError(user + " is not in " + room);
    }
    return list;
  }

  /** Closes the connection with this code, as a client that means to go (1000), or as a browser at a reload (1001). */
  public void hangUp(int code) {
    open = false;
    var to = connection;
    if (to != null) {
      to.hangUp(code).onFailure(already -> {});
    }
  }

  /** Breaks the connection without a word. */
  public void drop() {
    open = false;
    var to = connection;
    if (to != null) {
      to.drop();
    }
  }
}
