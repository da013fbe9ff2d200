package chat.parley.gateway;

import chat.parley.auth.Authenticator;
import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity;
import chat.parley.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks who knocks, before a connection is upgraded: where the page came from, which protocol it wants, and its token. Immutable.
 */
final class Door {
  /** The one WebSocket subprotocol. */
  static final String PROTOCOL = "parley.v1";

  static final String FOREIGN_ORIGIN =
      "pages of this origin may not connect: the server's \"origins\" do not name it";

  private static final String BEARER_PROTOCOL = "bearer.";
  private static final String COOKIE = "parley_token";

  /** Not let in. Stackless. */
  static final class Refused extends RuntimeException {
    private final int status;
    private final String title;

    Refused(int status, String title, String detail) {
      super(detail, null, false, false);
      this.status = status;
      this.title = title;
    }

    boolean isAboutToken() {
      return status == 401 || status == 503;
    }

    void answer(HttpServerRequest request) {
      Problem.answer(request.response(), status, title, String.valueOf(getMessage()));
    }
  }

  private final List<String> origins;
  private final boolean queryToken;
  private final Authenticator authenticator;

  /**
   * @param origins pages that may connect; empty: only those of this server
   * @param queryToken whether a token may be in the address
   */
  Door(List<String> origins, boolean queryToken, Authenticator authenticator) {
    this.origins = origins;
    this.queryToken = queryToken;
    this.authenticator = authenticator;
  }

  /** Who asks for a WebSocket. Fails with {@link Refused}. */
  Future<Identity> admit(HttpServerRequest request) {
    if (!originAllowed(request)) {
      return Future.failedFuture(new Refused(403, "Origin not allowed", FOREIGN_ORIGIN));
    }
    var offered = protocols(request);
    if (!offered.isEmpty() && !offered.contains(PROTOCOL)) {
      return Future.failedFuture(new Refused(
          400,
          "Unknown subprotocol",
          "none of the offered WebSocket subprotocols is spoken here (expected: parley.v1)"));
    }
    var token = token(request, offered);
    if (token == null) {
      return Future.failedFuture(new Refused(
          401,
          "No token",
          "a token is needed: as \"Authorization: Bearer\", as subprotocol \"bearer.<jwt>\" beside"
              + " \"parley.v1\", "
              + (queryToken
                  ? "as cookie \"parley_token\" or as query parameter \"access_token\""
                  : "or as cookie \"parley_token\"")));
    }
    return authenticator.authenticate(token).recover(cause -> Future.failedFuture(refusal(cause)));
  }

  static Refused refusal(Throwable cause) {
    return cause instanceof BadToken bad
        ? new Refused(401, "Bad token", String.valueOf(bad.getMessage()))
        : new Refused(503, "Token not checked", "the token could not be checked now: try again");
  }

  private static List<String> protocols(HttpServerRequest request) {
    return request.headers().getAll("Sec-WebSocket-Protocol").stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::trim)
        .toList();
  }

  private @Nullable String token(HttpServerRequest request, List<String> offered) {
    var authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return authorization.substring(7).trim();
    }
    for (var protocol : offered) {
      if (protocol.startsWith(BEARER_PROTOCOL)) {
        return protocol.substring(BEARER_PROTOCOL.length());
      }
    }
    var cookie = cookieToken(request);
    return cookie != null || !queryToken ? cookie : request.getParam("access_token");
  }

  /** The token in the cookie, for SockJS too, whose browsers can't send anything else. */
  static @Nullable String cookieToken(HttpServerRequest request) {
    var cookie = request.getCookie(COOKIE);
    return cookie == null ? null : cookie.getValue();
  }

  /** Programs send no origin, browsers always do. */
  boolean originAllowed(HttpServerRequest request) {
    var origin = request.getHeader("Origin");
    if (origin == null || origins.contains("*")) {
      return true;
    }
    var asked = origin.toLowerCase(Locale.ROOT);
    return origins.isEmpty()
        ? sameHost(asked, request)
        : origins.stream().anyMatch(allowed -> fits(allowed, asked));
  }

  private static boolean sameHost(String origin, HttpServerRequest request) {
    try {
      var host = request.getHeader("Host");
      var page = URI.create(origin);
      // Whoever reads along can change a page that came without TLS.
      boolean asSafe = !request.isSSL() || "https".equals(page.getScheme());
      return host != null && asSafe && host.equalsIgnoreCase(page.getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean fits(String allowed, String origin) {
    int star = allowed.indexOf("*.");
    if (star < 0) {
      return allowed.equalsIgnoreCase(origin);
    }
    var before = allowed.substring(0, star).toLowerCase(Locale.ROOT);
    var after = allowed.substring(star + 1).toLowerCase(Locale.ROOT);
    // One or more labels stand for the star: no slash, no port, no user part can hide in it.
    return origin.length() > before.length() + after.length()
        && origin.startsWith(before)
        && origin.endsWith(after)
        && origin
            .substring(before.length(), origin.length() - after.length())
            .matches("[a-z0-9.-]+");
  }
}
