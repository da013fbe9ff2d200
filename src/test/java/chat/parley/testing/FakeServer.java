package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A chat server of a few frames, to try the clients against: it forgets no message, knows one numbering, checks no token,
 * and can be told to misbehave. What it says it says in the order a real one would: nothing before the welcome, nothing after the
 * end, messages to members only. Thread-safe: one lock for all rooms and connections.
 */
final class FakeServer {
  private record Room(List<JsonObject> log, Set<Peer> members) {}

  /** One connection. Guarded by the server's lock. */
  private final class Peer {
    private final Consumer<String> out;
    private final IntFunction<Future<Void>> ending;
    private final Deque<JsonObject> held = new ArrayDeque<>();
    private boolean named;
    private boolean closed;

    Peer(Consumer<String> out, IntFunction<Future<Void>> ending) {
      this.out = out;
      this.ending = ending;
    }

    void say(JsonObject frame) {
      if (!closed) {
        held.add(frame);
        speak();
      }
    }

    void speak() {
      while (!silent && !held.isEmpty()) {
        out.accept(held.remove().encode());
      }
    }

    void welcome() {
      named = true;
      say(JsonObject.of("type", "welcome", "user", "ann", "session", "s", "node", "fake"));
    }

    void gone() {
      closed = true;
      held.clear();
      peers.remove(this);
      rooms.values().forEach(room -> room.members.remove(this));
    }
  }

  private final Object lock = new Object();
  private final Map<String, Room> rooms = new HashMap<>();
  private final Set<Peer> peers = new LinkedHashSet<>();
  private final HttpServer server;
  private boolean refuseNextPublish;
  private @Nullable String swallowed;
  private boolean silent;

  FakeServer(Vertx vertx) {
    var router = Router.router(vertx);
    router.get("/ws").handler(this::upgrade);
    router.route("/sockjs/*").handler(BodyHandler.create());
    var sockjs = SockJSHandler.create(vertx, new SockJSHandlerOptions().setHeartbeatInterval(200));
    router.route("/sockjs/*").subRouter(sockjs.socketHandler(this::sockJs));
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    options.addWebSocketSubProtocol("parley.v1");
    server = Await.result(
        "server", vertx.createHttpServer(options).requestHandler(router).listen());
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.actualPort() + path);
  }

  /** The next publish gets {@code unavailable}. */
  void refuseNextPublish() {
    locked(() -> refuseNextPublish = true);
  }

  /** The publish with this id is accepted, but all connections break before the ack. */
  void swallowAckOf(String id) {
    locked(() -> swallowed = id);
  }

  /** Hears, but says nothing until it may {@link #speakAgain}: not even welcome. */
  void fallSilent() {
    locked(() -> silent = true);
  }

  /** Says what it had to say meanwhile, and goes on. */
  void speakAgain() {
    locked(() -> {
      silent = false;
      peers.forEach(Peer::speak);
    });
  }

  /** Says this to everybody. */
  void sayToAll(JsonObject frame) {
    locked(() -> peers.forEach(peer -> peer.say(frame)));
  }

  /** Closes all connections, SockJS ones without the code. */
  Future<Void> closeAll(int code) {
    synchronized (lock) {
      var all = List.copyOf(peers);
      all.forEach(Peer::gone);
      return Future.join(all.stream().map(peer -> peer.ending.apply(code)).toList())
          .mapEmpty();
    }
  }

  private void locked(Runnable work) {
    synchronized (lock) {
      work.run();
    }
  }

  private void upgrade(RoutingContext request) {
    var offered = request.request().getHeader("Sec-WebSocket-Protocol");
    if (offered == null || !offered.contains("bearer.")) {
      request.response().setStatusCode(401).end().onFailure(gone -> {});
      return;
    }
    request.request().toWebSocket().onSuccess(socket -> {
      var peer = new Peer(
          text -> socket.writeTextMessage(text).onFailure(gone -> {}),
          code -> socket.close((short) code, "told to"));
      socket.closeHandler(closed -> locked(peer::gone));
      socket.textMessageHandler(text -> received(Buffer.buffer(text), peer));
      locked(() -> {
        peers.add(peer);
        peer.welcome();
      });
    });
  }

  private void sockJs(SockJSSocket socket) {
    var peer = new Peer(text -> socket.write(text).onFailure(gone -> {}), code -> {
      socket.close();
      return Future.succeededFuture();
    });
    socket.endHandler(ended -> locked(peer::gone));
    socket.handler(text -> received(text, peer));
    locked(() -> peers.add(peer));
  }

  private void received(Buffer text, Peer peer) {
    synchronized (lock) {
      if (peer.closed) {
        return;
      }
      try {
        answer(text.toJsonObject(), peer);
      } catch (DecodeException | ClassCastException e) {
        peer.say(JsonObject.of("type", "error", "code", "bad_frame", "message", "not JSON"));
      }
    }
  }

  private void answer(JsonObject frame, Peer peer) {
    var type = frame.getString("type", "");
    var room = rooms.computeIfAbsent(
        frame.getString("room", ""), name -> new Room(new ArrayList<>(), new LinkedHashSet<>()));
    var error = refusal(type, room, peer);
    if (error != null) {
      peer.say(reply(frame, "error").put("code", error));
      return;
    }
    switch (type) {
      case "auth" -> authenticate(frame, peer);
      case "ping" -> peer.say(reply(frame, "pong"));
      case "join" -> join(frame, room, peer);
      case "leave" -> {
        room.members.remove(peer);
        peer.say(reply(frame, "left"));
      }
      case "publish" -> publish(frame, room, peer);
      case "history" -> history(frame, room, peer);
      default -> peer.say(reply(frame, "error").put("code", "unknown_type"));
    }
  }

  private static @Nullable String refusal(String type, Room room, Peer peer) {
    return switch (type) {
      case "auth", "ping" -> null;
      case "leave", "publish", "history" -> {
        var stranger = room.members.contains(peer) ? null : "not_joined";
        yield peer.named ? stranger : "unauthenticated";
      }
      default -> peer.named ? null : "unauthenticated";
    };
  }

  private static void authenticate(JsonObject frame, Peer peer) {
    peer.say(reply(frame, "authenticated").put("user", "ann"));
    if (!peer.named) {
      peer.welcome();
    }
  }

  private static JsonObject reply(JsonObject frame, String type) {
    var reply = JsonObject.of("type", type, "ref", frame.getValue("ref"));
    return frame.containsKey("room")
        ? reply.put("room", frame.getString("room")).put("epoch", "e1")
        : reply;
  }

  private static void join(JsonObject frame, Room room, Peer peer) {
    var since = frame.getJsonObject("since");
    var head = room.log.size();
    var from = since == null ? head - frame.getInteger("last", 0) : since.getInteger("seq");
    room.members.add(peer);
    peer.say(reply(frame, "joined").put("seq", head).put("recovered", since != null));
    room.log.subList(Math.max(0, from), head).forEach(peer::say);
  }

  private void publish(JsonObject frame, Room room, Peer peer) {
    if (refuseNextPublish) {
      refuseNextPublish = false;
      peer.say(reply(frame, "error").put("code", "unavailable").put("retryAfter", 5));
      return;
    }
    var id = frame.getString("id", "server-" + room.log.size());
    var known =
        room.log.stream().filter(message -> message.getString("id").equals(id)).findFirst();
    var seq = known.map(message -> message.getInteger("seq")).orElse(room.log.size() + 1);
    if (known.isEmpty()) {
      var message =
          JsonObject.of("type", "message", "room", frame.getString("room"), "epoch", "e1");
      message.put("seq", seq).put("id", id).put("user", "ann").put("data", frame.getValue("data"));
      room.log.add(message);
      room.members.forEach(member -> member.say(message));
    }
    if (id.equals(swallowed)) {
      swallowed = null;
      closeAll(4430).onFailure(gone -> {});
      return;
    }
    peer.say(reply(frame, "ack").put("id", id).put("seq", seq).put("duplicate", known.isPresent()));
  }

  private static void history(JsonObject frame, Room room, Peer peer) {
    var end = Math.min(room.log.size(), frame.getInteger("before", Integer.MAX_VALUE) - 1);
    var start = Math.max(0, end - frame.getInteger("limit"));
    var page = new JsonArray(new ArrayList<>(room.log.subList(start, end)));
    peer.say(reply(frame, "history").put("messages", page).put("more", start > 0));
  }
}
