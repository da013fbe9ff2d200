package chat.parley.gateway;

import io.vertx.ext.web.RoutingContext;

/** What our pages forbid the browser. Pure. */
final class SecurityHeaders {
  private SecurityHeaders() {}

  static void add(RoutingContext request) {
    request
        .response()
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin");
    if (request.request().isSSL()) {
      // Half a year: long enough to count, short enough to be taken back.
      request.response().putHeader("Strict-Transport-Security", "max-age=15768000");
    }
    request.next();
  }
}
