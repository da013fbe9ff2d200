package chat.parley.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/** How our tokens are signed. Pure. */
final class Tokens {
  static final String ALGORITHM = "HS256";

  private Tokens() {}

  /**
   * Signs and checks signatures, nothing else: the times in a token are {@link Claims}' business, by an injected clock. What
   * it knows one key for is the only algorithm it accepts.
   */
  static JWTAuth of(Vertx vertx, String secret) {
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(Buffer.buffer(secret))));
  }
}
