package chat.parley.api;

import chat.parley.auth.Authenticator;
import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity;
import chat.parley.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who asks over HTTP, by the token in {@code Authorization: Bearer}, and how a refusal is told. Immutable. */
final class Callers {
  private static final String BEARER = "Bearer ";

  private final Authenticator authenticator;

  Callers(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /** The token that was shown, good or bad; null: none. */
  static @Nullable String token(RoutingContext request) {
    var header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : null;
  }

  /** Whose token was shown; fails if none was, or a bad one, or one that may not do this. */
  Future<Identity> admit(RoutingContext request, Predicate<Identity> allowed, String needed) {
    var token = token(request);
    if (token == null) {
      return Future.failedFuture(new BadToken("a token is needed: as \"Authorization: Bearer\""));
    }
    return authenticator.authenticate(token).map(by -> {
      if (!allowed.test(by)) {
        throw new Refusal.Forbidden(needed);
      }
      return by;
    });
  }

  /** Tells why not. */
  static void refuse(RoutingContext request, Throwable why) {
    var asked = request.request().method() + " " + request.normalizedPath();
    var refusal = Refusal.logged(asked, why);
    Problem.answer(request.response(), refusal.status(), refusal.title(), refusal.detail());
  }
}
