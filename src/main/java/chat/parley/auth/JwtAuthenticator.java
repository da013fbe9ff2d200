package chat.parley.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.InstantSource;

/**
 * Accepts JSON Web Tokens that were signed with the server's secret (HS256), and none else: not {@code alg: none}, no other
 * algorithm, no key from the token itself. Thread-safe: has no state but the key.
 */
public final class JwtAuthenticator implements Authenticator {
  /** A longer token is not looked at: its parts are parsed before its signature is known to be right. */
  static final int MAX_LENGTH = 8192;

  private final JWTAuth signatures;
  private final InstantSource clock;

  /**
   * Makes one.
   *
   * @param secret at least 32 bytes of UTF-8
   */
  public JwtAuthenticator(Vertx vertx, String secret, InstantSource clock) {
    this.signatures = Tokens.of(vertx, secret);
    this.clock = clock;
  }

  @Override
  public Future<Identity> authenticate(String token) {
    if (token.length() > MAX_LENGTH) {
      return Future.failedFuture(
          new BadToken("the token is longer than " + MAX_LENGTH + " characters"));
    }
    return claims(token).map(claims -> Claims.identity(claims, clock.instant()));
  }

  /**
   * The library's own words may quote the token, so they stay here. Composed, because it throws where a time is no number.
   */
  private Future<JsonObject> claims(String token) {
    return Future.succeededFuture(new TokenCredentials(token))
        .compose(signatures::authenticate)
        .map(user -> user.attributes().getJsonObject("accessToken"))
        .recover(why -> Future.failedFuture(
            new BadToken("the token is not a JWT signed with this server's key (HS256)")));
  }
}
