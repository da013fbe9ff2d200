package chat.parley.testing;

import chat.parley.protocol.Position;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that does not give up: it comes back to one of the nodes as the protocol says, resumes its rooms, and repeats
 * what was not acked under the same ids. Its journal covers all of its connections. Confined to its event loop; the public
 * methods may be called from anywhere.
 */
public final class FaultClient {
  private static final class Room {
    @Nullable
    Position position;

    boolean joined;
    final Promise<JsonObject> first = Promise.promise();
  }

  private record Unacked(String room, String id, Object data, Promise<JsonObject> ack) {}

  private final Vertx vertx;
  private final Dialer dialer;
  private final Context context;
  private final Supplier<String> token;
  private final List<URI> nodes;
  private final Patience patience;
  private final Random random;
  private final Journal journal;
  private final Map<String, Room> rooms = new LinkedHashMap<>();
  private final Map<String, Unacked> unacked = new LinkedHashMap<>();
  private final Map<String, String> asked = new HashMap<>();
  private final Promise<Void> gone = Promise.promise();
  private @Nullable ChatClient connection;
  private int turn;
  private int node;
  private int attempts;
  private int refs;
  private boolean stopped;
  private boolean dialing;
  private boolean greeted;
  private boolean heard;
  private boolean pinged;
  private @Nullable Long comeBackAfter;

  private FaultClient(
      Vertx vertx,
      String name,
      Supplier<String> token,
      List<URI> nodes,
      Patience patience,
      long seed) {
    this.vertx = vertx;
    this.dialer = Dialer.of(vertx);
    this.context = Dialer.ownLoop(vertx);
    this.token = token;
    this.nodes = nodes;
    this.patience = patience;
    this.random = new Random(seed);
    this.journal = new Journal(name);
    this.node = random.nextInt(nodes.size());
  }

  /** Starts to connect to one of these ({@code ws://host:port/ws}), drawn from the seed, each time with a fresh token; the list may change, as a service does. */
  public static FaultClient start(
      Vertx vertx,
      String user,
      Supplier<String> token,
      List<URI> nodes,
      Patience patience,
      long seed) {
    var client = new FaultClient(vertx, user, token, nodes, patience, seed);
    client.context.runOnContext(go -> {
      client.connect();
      client.listen();
    });
    return client;
  }

  /** What it did and saw. */
  public Journal journal() {
    return journal;
  }

  /** Joins a room and stays in it, whatever happens; the first {@code joined}. */
  public Future<JsonObject> join(String name) {
    return onLoop(() -> {
      var room = rooms.computeIfAbsent(name, n -> new Room());
      if (connection != null && greeted) {
        askToJoin(name, room);
      }
      return room.first.future();
    });
  }

  /** Publishes until it is acked, or refused for good. The id must be new. */
  public Future<JsonObject> publish(String room, String id, Object data) {
    return onLoop(() -> {
      var message = new Unacked(room, id, data, Promise.promise());
      unacked.put(key(room, id), message);
      var place = rooms.get(room);
      if (connection != null && place != null && place.joined) {
        send(message);
      }
      return message.ack.future();
    });
  }

  /** How many publishes wait for their ack. */
  public Future<Integer> waiting() {
    return onLoop(() -> Future.succeededFuture(unacked.size()));
  }

  /** Where it is in a room; null before it is joined. */
  public Future<@Nullable Position> position(String name) {
    return onLoop(() -> {
      var room = rooms.get(name);
      return Future.succeededFuture(room == null ? null : room.position);
    });
  }

  /** Where it is in each room that it has joined. */
  public Future<Map<String, Position>> positions() {
    return onLoop(() -> {
      var positions = new HashMap<String, Position>();
      rooms.forEach((name, room) -> {
        if (room.position != null) {
          positions.put(name, room.position);
        }
      });
      return Future.succeededFuture(positions);
    });
  }

  /** Closes the connection and stays away; done when nothing more can come. */
  public Future<Void> stop() {
    return onLoop(() -> {
      stopped = true;
      if (connection != null) {
        connection.hangUp(1000).onFailure(already -> {});
      } else if (!dialing) {
        gone.tryComplete();
      }
      return gone.future();
    });
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    return Dialer.on(context, work);
  }

  private void connect() {
    if (stopped) {
      return;
    }
    var mine = ++turn;
    greeted = false;
    dialing = true;
    var inbox =
        Inbox.handing(journal, frame -> received(mine, frame), ending -> ended(mine, ending));
    var now = List.copyOf(nodes);
    var options = ChatClient.options(now.get(node % now.size()), token.get());
    options.setTimeout(2 * patience.silence().toMillis());
    ChatClient.open(dialer, context, options, inbox)
        .onComplete(opened -> context.runOnContext(go -> dialed(mine, opened)));
  }

  private void dialed(int mine, AsyncResult<ChatClient> opened) {
    dialing = false;
    if (opened.failed()) {
      comeBack();
    } else if (mine == turn && !stopped) {
      begin(opened.result());
    } else {
      opened.result().drop();
    }
  }

  /** The welcome may come before the news that there is a connection. */
  private void begin(ChatClient opened) {
    connection = opened;
    if (greeted) {
      welcomed();
    }
  }

  private void received(int of, JsonObject frame) {
    if (of != turn) {
      return;
    }
    heard = true;
    switch (frame.getString("type")) {
      case "welcome" -> greeted(frame);
      case "joined" -> joined(frame);
      case "message" -> message(frame);
      case "ack" -> acked(frame);
      case "error" -> refused(frame);
      case "goaway" -> leaveAfter(of, frame.getLong("reconnectAfter", 0L));
      case "bye" -> comeBackAfter = frame.getLong("reconnectAfter");
      default -> {}
    }
  }

  private void greeted(JsonObject welcome) {
    assert welcome.containsKey("session") : welcome;
    greeted = true;
    if (connection != null) {
      welcomed();
    }
  }

  private void welcomed() {
    attempts = 0;
    comeBackAfter = null;
    asked.clear();
    rooms.forEach(this::askToJoin);
  }

  private void askToJoin(String name, Room room) {
    var frame = JsonObject.of("type", "join", "room", name, "ref", ++refs);
    var since = room.position;
    if (since != null) {
      frame.put("since", JsonObject.of("epoch", since.epoch(), "seq", since.seq()));
    }
    say(frame);
  }

  private void joined(JsonObject frame) {
    var room = rooms.get(frame.getString("room"));
    if (room == null) {
      return;
    }
    var epoch = frame.getString("epoch");
    var was = room.position;
    var goesOn =
        frame.getBoolean("recovered", false) && was != null && was.epoch().equals(epoch);
    // In a new numbering the first message tells where it goes on; none: everything up to the head
    // is known.
    room.position = goesOn ? was : new Position(epoch, frame.getLong("seq"));
    if (!room.joined) {
      room.joined = true;
      unacked.values().stream()
          .filter(message -> message.room.equals(frame.getString("room")))
          .toList()
          .forEach(this::send);
    }
    room.first.tryComplete(frame);
  }

  private void message(JsonObject frame) {
    var room = rooms.get(frame.getString("room"));
    if (room != null) {
      room.position = new Position(frame.getString("epoch"), frame.getLong("seq"));
    }
  }

  private void send(Unacked message) {
    var frame = JsonObject.of("type", "publish", "ref", ++refs, "room", message.room);
    asked.put(String.valueOf(refs), key(message.room, message.id));
    say(frame.put("id", message.id).put("data", message.data));
  }

  private void acked(JsonObject frame) {
    asked.remove(String.valueOf(frame.getValue("ref")));
    var message = unacked.remove(key(frame.getString("room"), frame.getString("id")));
    if (message != null) {
      message.ack.complete(frame);
    }
  }

  private void refused(JsonObject frame) {
    var key = asked.remove(String.valueOf(frame.getValue("ref")));
    var message = key == null ? null : unacked.get(key);
    var again = switch (frame.getString("code")) {
      case "unavailable", "rate_limited", "internal", "not_joined" -> true;
      default -> false;
    };
    var here = turn;
    var delay = Math.max(1, frame.getLong("retryAfter", patience.firstDelay().toMillis()));
    if (message != null && again) {
      after(delay, () -> retry(here, message));
    } else if (message != null) {
      unacked.remove(key);
      message.ack.fail(new RefusedException(frame));
    } else if (again) {
      after(delay, () -> rejoin(here, frame.getString("room")));
    } else {
      fail(rooms.get(frame.getString("room", "")), frame);
    }
  }

  private static void fail(@Nullable Room room, JsonObject error) {
    if (room != null) {
      room.first.tryFail(new RefusedException(error));
    }
  }

  private void retry(int of, Unacked message) {
    var room = rooms.get(message.room);
    if (of == turn
        && room != null
        && room.joined
        && unacked.containsKey(key(message.room, message.id))) {
      send(message);
    }
  }

  private void rejoin(int of, @Nullable String name) {
    var room = name == null ? null : rooms.get(name);
    if (of == turn && name != null && room != null && !room.joined) {
      askToJoin(name, room);
    }
  }

  private void leaveAfter(int of, long delay) {
    after(delay, () -> {
      if (of == turn && connection != null) {
        connection.hangUp(1000).onFailure(already -> {});
      }
    });
  }

  private void ended(int of, Ending ending) {
    if (of != turn) {
      return;
    }
    turn++;
    connection = null;
    rooms.values().forEach(room -> room.joined = false);
    stopped = stopped || ending.code() >= 4500;
    comeBack();
  }

  /** To another node, after a delay drawn between nothing and a bound that grows (full jitter), or as the server asked. */
  private void comeBack() {
    if (stopped) {
      gone.tryComplete();
      return;
    }
    node = (node + 1 + random.nextInt(Math.max(1, nodes.size() - 1))) % nodes.size();
    var bound = patience.bound(attempts++).toMillis();
    var delay = comeBackAfter == null ? random.nextLong(bound) : comeBackAfter;
    comeBackAfter = null;
    after(1 + delay, this::connect);
  }

  /**
   * A node that says nothing, not even to a ping, is as good as dead: its end would come much later, if at all. Each look sets
   * the timer of the next one: this loop's own delay must not be taken for the node's silence.
   */
  private void listen() {
    if (gone.future().isComplete()) {
      return;
    }
    if (heard || connection == null) {
      pinged = false;
    } else if (pinged) {
      pinged = false;
      connection.drop();
    } else {
      pinged = true;
      say(JsonObject.of("type", "ping"));
    }
    heard = false;
    after(patience.silence().toMillis(), this::listen);
  }

  private void after(long delay, Runnable work) {
    vertx.setTimer(Math.max(1, delay), timer -> work.run());
  }

  private void say(JsonObject frame) {
    if (connection != null) {
      connection.send(frame).onFailure(gone -> {});
    }
  }

  private static String key(String room, String id) {
    return room + " " + id;
  }
}
