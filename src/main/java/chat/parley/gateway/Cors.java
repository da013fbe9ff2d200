package chat.parley.gateway;

import chat.parley.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Which pages may use the HTTP interface: those that may connect. A page shows its token itself, so cookies are not asked for. Immutable.
 */
final class Cors {
  /** How long, in seconds, a browser need not ask again. */
  private static final String REMEMBERED = "600";

  private final Door door;
  private final Refusals refusals;

  Cors(Door door, Refusals refusals) {
    this.door = door;
    this.refusals = refusals;
  }

  /** Lets the request on, answers a browser that asks beforehand, or refuses. */
  void check(RoutingContext context) {
    var request = context.request();
    var response = context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    var origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      context.next();
    } else if (!door.originAllowed(request)) {
      Problem.answer(response, 403, "Origin not allowed", Door.FOREIGN_ORIGIN);
      refusals.origin(request);
    } else {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
          .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
      if (asksBeforehand(request)) {
        response
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE")
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type")
            .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, REMEMBERED)
            .setStatusCode(204)
            .end();
      } else {
        context.next();
      }
    }
  }

  private static boolean asksBeforehand(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }
}
