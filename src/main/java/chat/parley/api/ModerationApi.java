package chat.parley.api;

import chat.parley.auth.Access;
import chat.parley.auth.Authenticator;
import chat.parley.auth.Blocklist;
import chat.parley.auth.Identity;
import chat.parley.auth.Identity.Role;
import chat.parley.protocol.DirectRoom;
import chat.parley.protocol.RoomName;
import chat.parley.protocol.UserName;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what tokens give, for all nodes at once: {@code POST /api/v1/revocations} for admins, {@code PUT|DELETE
 * /api/v1/rooms/{room}/bans/{user}} and {@code DELETE /api/v1/rooms/{room}/members/{user}} (a kick) for the room's moderators too. Immutable.
 */
public final class ModerationApi {
  private static final int BODY_BYTES = 4096;
  private static final int NAME = 256;
  private static final String NEEDED =
      "this takes the role admin, or moderator with a token for this room";

  private final Callers callers;
  private final Blocklist blocks;
  private final Duration lasting;
  private final InstantSource clock;

  /** @param lasting how long a revocation lasts that names no end */
  public ModerationApi(
      Authenticator authenticator, Blocklist blocks, Duration lasting, InstantSource clock) {
    this.callers = new Callers(authenticator);
    this.blocks = blocks;
    this.lasting = lasting;
    this.clock = clock;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    var body = BodyHandler.create(false).setBodyLimit(BODY_BYTES);
    router
        .post("/api/v1/revocations")
        .handler(body)
        .handler(request -> serve(request, by -> by.role() == Role.ADMIN, this::revoke));
    router
        .put("/api/v1/rooms/:room/bans/:user")
        .handler(body)
        .handler(request -> moderate(
            request, (room, user) -> blocks.ban(room, user, until(request.body().asString()))));
    router
        .delete("/api/v1/rooms/:room/bans/:user")
        .handler(request -> moderate(request, blocks::unban));
    router
        .delete("/api/v1/rooms/:room/members/:user")
        .handler(request -> moderate(request, blocks::kick));
  }

  private Future<Void> revoke(RoutingContext request) {
    var asked = body(request.body().asString());
    var user = asked.getValue("user");
    var token = asked.getValue("jti");
    var given = until(request.body().asString());
    var until = given == null ? clock.instant().plus(lasting) : given;
    if (token == null && user instanceof String name && UserName.isValid(name)) {
      return blocks.revokeUser(name, until);
    } else if (user == null
        && token instanceof String name
        && !name.isEmpty()
        && name.length() <= NAME) {
      return blocks.revokeToken(name, until);
    }
    throw new IllegalArgumentException(
        "expected: {\"user\": \"…\"} or {\"jti\": \"…\"}, perhaps with \"until\"");
  }

  private void moderate(RoutingContext request, BiFunction<String, String, Future<Void>> change) {
    var room = DirectRoom.canonical(request.pathParam("room"));
    var user = request.pathParam("user");
    serve(request, by -> Access.moderates(by, room), same -> {
      if (!RoomName.isValid(room)) {
        throw new IllegalArgumentException("a room's name has " + RoomName.FORM);
      } else if (!UserName.isValid(user)) {
        throw new IllegalArgumentException("a user's name has " + UserName.FORM);
      }
      return change.apply(room, user);
    });
  }

  private void serve(
      RoutingContext request,
      Predicate<Identity> allowed,
      Function<RoutingContext, Future<Void>> work) {
    callers
        .admit(request, allowed, NEEDED)
        .compose(by -> work.apply(request))
        .onSuccess(done -> request.response().setStatusCode(204).end())
        .onFailure(why -> Callers.refuse(request, why));
  }

  /** The end that the body asks for, in seconds since 1970; null: none. */
  private static @Nullable Instant until(@Nullable String text) {
    var until = body(text).getValue("until");
    try {
      if (until == null) {
        return null;
      } else if (until instanceof Number seconds) {
        return Instant.ofEpochSecond(Math.clamp(seconds.longValue(), 0, 253_402_300_799L));
      }
    } catch (DateTimeException e) {
      // Said below.
    }
    throw new IllegalArgumentException("\"until\" has to be in seconds since 1970");
  }

  private static JsonObject body(@Nullable String text) {
    try {
      return text == null || text.isBlank() ? new JsonObject() : new JsonObject(text);
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("the body is not a JSON object", e);
    }
  }
}
