package chat.parley;

import chat.parley.auth.Authenticator;
import chat.parley.auth.JwtAuthenticator;
import chat.parley.auth.KeySet;
import chat.parley.auth.KeySource;
import chat.parley.auth.PemKeys;
import chat.parley.auth.RotatingKeys;
import chat.parley.auth.TokenRules;
import chat.parley.config.Config;
import chat.parley.http.Fetch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What tokens are checked by, as the configuration says. Pure, but for the files and the server that it reads keys from. */
final class TokenKeys {
  private TokenKeys() {}

  static TokenRules rules(Config.Auth auth) {
    return new TokenRules(auth.audience(), auth.issuer(), auth.leeway(), auth.lifetime());
  }

  /** @param secret the configured one, or the guests'; null: only public keys are accepted */
  static Future<Authenticator> authenticator(
      Vertx vertx, Config.Auth auth, @Nullable String secret, InstantSource clock) {
    return vertx
        .executeBlocking(() -> PemKeys.read(auth.publicKey()), false)
        .map(keys -> secret == null ? keys : keys.and(KeySet.ofSecret(secret)))
        .compose(own -> others(vertx, auth, clock)
            .map(others -> new JwtAuthenticator(vertx, own, others, rules(auth), clock)));
  }

  private static Future<KeySource> others(Vertx vertx, Config.Auth auth, InstantSource clock) {
    var place = auth.jwks();
    if (place == null) {
      return Future.succeededFuture(KeySource.none());
    }
    var keys = new RotatingKeys(vertx, place, reader(vertx, place), auth.jwksRefresh(), clock);
    return keys.start().map(tried -> keys);
  }

  private static Supplier<Future<Buffer>> reader(Vertx vertx, String place) {
    return place.startsWith("http://") || place.startsWith("https://")
        ? new Fetch(vertx, place)::get
        : () -> vertx.fileSystem().readFile(place);
  }
}
