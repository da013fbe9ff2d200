package chat.parley.api;

import chat.parley.auth.Authenticator;
import chat.parley.auth.GuestTokens;
import chat.parley.auth.Identity;
import chat.parley.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/guest} {"name"}: a token for whoever asks, where the configuration allows guests. A guest who shows a token that is
 * still good, as {@code Authorization: Bearer}, stays the same user. Immutable.
 */
public final class GuestApi {
  private static final int BODY_BYTES = 4096;

  private final @Nullable GuestTokens tokens;
  private final Authenticator authenticator;

  /** @param tokens null where guests are not allowed */
  public GuestApi(@Nullable GuestTokens tokens, Authenticator authenticator) {
    this.tokens = tokens;
    this.authenticator = authenticator;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router
        .post("/api/guest")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
        .handler(this::issue);
  }

  private void issue(RoutingContext request) {
    if (tokens == null) {
      Problem.answer(
          request.response(),
          403,
          "No guests",
          "this server admits no guests (\"auth.guests\" is off): a token from your own service is needed");
      return;
    }
    var guests = tokens;
    shown(request).onComplete(before -> answer(request, guests, before.result()));
  }

  /** Whose token was shown; null if none was, or one that is not good any more. */
  private Future<@Nullable Identity> shown(RoutingContext request) {
    var token = Callers.token(request);
    return token == null
        ? Future.succeededFuture()
        : authenticator.authenticate(token).otherwiseEmpty();
  }

  private static void answer(
      RoutingContext request, GuestTokens guests, @Nullable Identity before) {
    try {
      var name = name(request);
      var token = before == null ? guests.issue(name) : guests.renew(before, name);
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(new JsonObject().put("token", token).toBuffer());
    } catch (IllegalArgumentException e) {
      Problem.answer(request.response(), 400, "Bad request", String.valueOf(e.getMessage()));
    }
  }

  private static String name(RoutingContext request) {
    @Nullable JsonObject body = null;
    try {
      body = request.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      // Said below: one sentence for all that is not the expected form.
    }
    if (body == null || !(body.getValue("name") instanceof String name)) {
      throw new IllegalArgumentException("the body is not as expected: {\"name\": \"…\"}");
    }
    return name;
  }
}
