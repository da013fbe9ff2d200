package chat.parley.api;

import chat.parley.auth.GuestTokens;
import chat.parley.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/guest} {"name"}: a token for whoever asks, where the configuration allows guests. Immutable. */
public final class GuestApi {
  private static final int BODY_BYTES = 4096;

  private final @Nullable GuestTokens tokens;

  /** @param tokens null where guests are not allowed */
  public GuestApi(@Nullable GuestTokens tokens) {
    this.tokens = tokens;
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
    try {
      var name = name(request);
      var answer = new JsonObject().put("token", tokens.issue(name));
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(answer.toBuffer());
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
