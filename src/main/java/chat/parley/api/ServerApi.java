package chat.parley.api;

import chat.parley.auth.Authenticator;
import chat.parley.auth.Identity.Role;
import chat.parley.presence.PresenceNode;
import chat.parley.registry.Registry;
import chat.parley.room.RoomNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The interface for other programs: over HTTP under {@code /api/v1}, with a token of role {@code admin}, and on the event bus at {@link #ADDRESS} for
 * whoever is in the Vert.x cluster. Thread-safe: immutable.
 */
public final class ServerApi {
  /** The event-bus address; any node answers. */
  public static final String ADDRESS = "parley.api";

  private final Callers callers;
  private final Requests requests;
  private final int bodyBytes;

  /** @param frameBytes the longest message, with all that is around it */
  public ServerApi(
      Authenticator authenticator,
      RoomNode rooms,
      PresenceNode presence,
      Registry registry,
      int frameBytes) {
    this.callers = new Callers(authenticator);
    this.requests = new Requests(rooms, presence, registry, frameBytes);
    this.bodyBytes = frameBytes + 1_024;
  }

  /** Listens on the event bus, on the calling event loop; done when all nodes know. */
  public Future<Void> listen(Vertx vertx) {
    return vertx.eventBus().<JsonObject>consumer(ADDRESS, this::received).completion();
  }

  private void received(Message<JsonObject> message) {
    Future.succeededFuture()
        .compose(any -> {
          if (!(((Object) message.body()) instanceof JsonObject asked)) {
            throw new IllegalArgumentException("a request is a JSON object");
          }
          var named = message.headers().get("action");
          return requests.serve(
              named == null ? String.valueOf(asked.getValue("action")) : named, asked);
        })
        .onSuccess(message::reply)
        .onFailure(why -> {
          var refusal = Refusal.logged("an event-bus request", why);
          message.fail(refusal.status(), refusal.detail());
        });
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .post("/api/v1/rooms/:room/messages")
        .handler(BodyHandler.create(false).setBodyLimit(bodyBytes))
        .handler(request -> serve(request, "publish", ServerApi::body));
    router
        .get("/api/v1/rooms/:room/messages")
        .handler(request -> serve(request, "history", ServerApi::query));
    router
        .get("/api/v1/rooms/:room/presence")
        .handler(request -> serve(request, "presence", ServerApi::query));
    router.get("/api/v1/rooms").handler(request -> serve(request, "rooms", ServerApi::query));
    router.get("/api/v1/nodes").handler(request -> serve(request, "nodes", ServerApi::query));
    router
        .get("/api/v1/users/:user/sessions")
        .handler(request -> serve(request, "sessions", ServerApi::query));
    router
        .delete("/api/v1/users/:user/sessions")
        .handler(request ->
            serve(request, "disconnect", asked -> JsonObject.of("user", asked.pathParam("user"))));
  }

  private void serve(
      RoutingContext request, String action, Function<RoutingContext, JsonObject> reading) {
    callers
        .admit(request, by -> by.role() == Role.ADMIN, "this takes a token of role admin")
        .compose(admitted -> requests.serve(action, reading.apply(request)))
        .onSuccess(answer -> request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(answer.toBuffer()))
        .onFailure(why -> Callers.refuse(request, why));
  }

  private static JsonObject body(RoutingContext request) {
    @Nullable JsonObject body = null;
    try {
      body = request.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      // Said below.
    }
    if (body == null) {
      throw new IllegalArgumentException(
          "the body is not as expected: {\"user\": \"…\", \"data\": …}, perhaps with \"id\", \"name\"");
    }
    return body.put("room", request.pathParam("room"));
  }

  /** The parameters; what looks like a number is one. */
  private static JsonObject query(RoutingContext request) {
    var asked = new JsonObject();
    request.queryParams().forEach(entry -> asked.put(entry.getKey(), value(entry.getValue())));
    request.pathParams().forEach(asked::put);
    return asked;
  }

  private static Object value(String text) {
    try {
      long number = Long.parseLong(text);
      return number == (int) number ? (Object) (int) number : (Object) number;
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
