package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A chat server of a few frames, to try the clients against: it forgets no message, knows one numbering, checks no token,
 * and can be told to misbehave. Thread-safe: concurrent maps, one lock per room.
 */
final class FakeServer {
  private record Room(List<JsonObject> log, Set<Consumer<JsonObject>> members) {}

  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile boolean refuseNextPublish;
  private volatile boolean swallowNextAck;
  private volatile boolean silent;

  FakeServer(Vertx vertx) {
    var router = Router.router(vertx);
    router.get("/ws").handler(this::upgrade);
    router.route("/sockjs/*").handler(BodyHandler.create());
    var sockjs = SockJSHandler.create(vertx, new SockJSHandlerOptions().setHeartbeatInterval(200));
    router
        .route("/sockjs/*")
        .subRouter(sockjs.socketHandler(socket ->
            socket.handler(talk(frame -> socket.write(frame.encode()), socket::endHandler))));
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
    refuseNextPublish = true;
  }

  /** The next publish is accepted, but the connection breaks before the ack. */
  void swallowNextAck() {
    swallowNextAck = true;
  }

  /** Hears, but says nothing any more. */
  void fallSilent() {
    silent = true;
  }

  void speakAgain() {
    silent = false;
  }

  /** Says this to all WebSockets. */
  void sayToAll(JsonObject frame) {
    sockets.forEach(socket -> send(socket, frame));
  }

  /** Closes all WebSockets. */
  Future<Void> closeAll(int code) {
    return Future.join(sockets.stream()
            .map(socket -> socket.close((short) code, "told to"))
            .toList())
        .mapEmpty();
  }

  private void upgrade(RoutingContext request) {
    var offered = request.request().getHeader("Sec-WebSocket-Protocol");
    if (offered == null || !offered.contains("bearer.")) {
      request.response().setStatusCode(401).end().onFailure(gone -> {});
      return;
    }
    request.request().toWebSocket().onSuccess(socket -> {
      sockets.add(socket);
      var talk = talk(
          frame -> send(socket, frame),
          gone -> socket.closeHandler(closed -> {
            sockets.remove(socket);
            gone.handle(null);
          }));
      socket.textMessageHandler(text -> talk.handle(Buffer.buffer(text)));
      send(socket, welcome());
    });
  }

  private void send(ServerWebSocket socket, JsonObject frame) {
    if (silent) {
      return;
    }
    socket.writeTextMessage(frame.encode()).onFailure(gone -> {});
  }

  private static JsonObject welcome() {
    return JsonObject.of("type", "welcome", "user", "ann", "session", "s", "node", "fake");
  }

  private Handler<Buffer> talk(Consumer<JsonObject> out, Consumer<Handler<Void>> onGone) {
    onGone.accept(gone -> rooms.values().forEach(room -> room.members.remove(out)));
    return text -> {
      try {
        answer(text.toJsonObject(), out);
      } catch (DecodeException | ClassCastException e) {
        out.accept(JsonObject.of("type", "error", "code", "bad_frame", "message", "not JSON"));
      }
    };
  }

  private void answer(JsonObject frame, Consumer<JsonObject> out) {
    var room = rooms.computeIfAbsent(
        frame.getString("room", ""),
        name -> new Room(new ArrayList<>(), ConcurrentHashMap.newKeySet()));
    synchronized (room) {
      switch (frame.getString("type")) {
        case "auth" -> out.accept(welcome());
        case "ping" -> out.accept(reply(frame, "pong"));
        case "join" -> join(frame, room, out);
        case "leave" -> {
          room.members.remove(out);
          out.accept(reply(frame, "left"));
        }
        case "publish" -> publish(frame, room, out);
        case "history" -> history(frame, room, out);
        default -> out.accept(reply(frame, "error").put("code", "unknown_type"));
      }
    }
  }

  private static JsonObject reply(JsonObject frame, String type) {
    var reply = JsonObject.of("type", type, "ref", frame.getValue("ref"));
    return frame.containsKey("room")
        ? reply.put("room", frame.getString("room")).put("epoch", "e1")
        : reply;
  }

  private static void join(JsonObject frame, Room room, Consumer<JsonObject> out) {
    var since = frame.getJsonObject("since");
    var head = room.log.size();
    var from = since == null ? head - frame.getInteger("last", 0) : since.getInteger("seq");
    room.members.add(out);
    out.accept(reply(frame, "joined").put("seq", head).put("recovered", since != null));
    room.log.subList(Math.max(0, from), head).forEach(out);
  }

  private void publish(JsonObject frame, Room room, Consumer<JsonObject> out) {
    if (refuseNextPublish) {
      refuseNextPublish = false;
      out.accept(reply(frame, "error").put("code", "unavailable").put("retryAfter", 5));
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
      room.members.forEach(member -> member.accept(message));
    }
    if (swallowNextAck) {
      swallowNextAck = false;
      closeAll(4430).onFailure(gone -> {});
      return;
    }
    out.accept(
        reply(frame, "ack").put("id", id).put("seq", seq).put("duplicate", known.isPresent()));
  }

  private static void history(JsonObject frame, Room room, Consumer<JsonObject> out) {
    var end = Math.min(room.log.size(), frame.getInteger("before", Integer.MAX_VALUE) - 1);
    var start = Math.max(0, end - frame.getInteger("limit"));
    var page = new JsonArray(new ArrayList<>(room.log.subList(start, end)));
    out.accept(reply(frame, "history").put("messages", page).put("more", start > 0));
  }
}
