package chat.parley.gateway;

import chat.parley.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** Sends whoever comes without TLS to the port with it. Pure. */
final class Redirect {
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:.]{2,45}])(:\\d{1,5})?");

  private Redirect() {}

  static void answer(HttpServerRequest request, int port) {
    var host = HOST.matcher(String.valueOf(request.getHeader("Host")));
    if (!host.matches() || !request.uri().startsWith("/")) {
      Problem.answer(request.response(), 400, "Bad request", "a Host and a path are needed");
      return;
    }
    var where = "https://" + host.group(1) + (port == 443 ? "" : ":" + port) + request.uri();
    request.response().setStatusCode(308).putHeader("Location", where).end();
  }
}
