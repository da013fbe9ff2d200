package chat.parley.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts JSON Web Tokens that one of the server's keys has signed, by the algorithm that this key is for and no other: not
 * {@code alg: none}, no public key taken for a secret, no key from the token itself. What takes longer than an event loop has is
 * done by a few workers of its own, and no more of it is taken on than they get done soon. Thread-safe: its state is a counter.
 */
public final class JwtAuthenticator implements Authenticator {
  /** Checks by public keys that may wait; 0.04 to 4 ms each. Whoever comes on top is asked to come again. */
  static final int MOST_WAITING = 2_000;

  private static final String WORKERS = "parley-tokens";

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();
  private final KeySet own;
  private final KeySource others;
  private final TokenRules rules;
  private final InstantSource clock;

  /**
   * Makes one.
   *
   * @param own keys that never change
   * @param others keys that do
   */
  public JwtAuthenticator(
      Vertx vertx, KeySet own, KeySource others, TokenRules rules, InstantSource clock) {
    this.vertx = vertx;
    this.own = own;
    this.others = others;
    this.rules = rules;
    this.clock = clock;
    this.workers = vertx.createSharedWorkerExecutor(
        WORKERS, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /** One that accepts tokens signed with a secret, of at least 32 bytes of UTF-8. */
  public JwtAuthenticator(Vertx vertx, String secret, InstantSource clock) {
    this(vertx, KeySet.ofSecret(secret), KeySource.none(), TokenRules.NONE, clock);
  }

  @Override
  public Future<Identity> authenticate(String token) {
    try {
      var parsed = SignedToken.parse(token);
      var keys = own.and(others.keys());
      return keys.fits(parsed.algorithm(), parsed.kid()) || !mayBeNew(parsed.kid())
          ? check(keys, parsed)
          : later(others.newer()).compose(newer -> check(own.and(newer), parsed));
    } catch (BadToken bad) {
      return Future.failedFuture(bad);
    }
  }

  /** Only a name that is not known yet can be one of a key that is new. */
  private boolean mayBeNew(@Nullable String kid) {
    return others.waiting() || (kid != null && !others.keys().knows(kid));
  }

  private Future<Identity> check(KeySet keys, SignedToken token) {
    return verified(keys, token).map(right -> {
      if (!right) {
        throw others.waiting() ? new Unchecked() : unknown(keys);
      }
      return Claims.identity(token.claims(), rules, clock.instant());
    });
  }

  private Future<Boolean> verified(KeySet keys, SignedToken token) {
    if (!token.algorithm().isSlow() || !keys.fits(token.algorithm(), token.kid())) {
      return Future.succeededFuture(verify(keys, token));
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(new Unchecked());
    }
    return workers
        .executeBlocking(() -> verify(keys, token), false)
        .onComplete(done -> waiting.decrementAndGet());
  }

  private static boolean verify(KeySet keys, SignedToken token) {
    return keys.verify(token.algorithm(), token.kid(), token.signed(), token.signature());
  }

  private static BadToken unknown(KeySet keys) {
    return new BadToken(
        "the token is not signed with a key of this server (%s)".formatted(keys.algorithms()));
  }

  /** Brings an answer of another thread back to the caller's event loop. */
  private <T> Future<T> later(Future<T> answer) {
    if (answer.isComplete()) {
      return answer;
    }
    var here = vertx.getOrCreateContext();
    Promise<T> back = Promise.promise();
    answer.onComplete(done -> here.runOnContext(now -> back.handle(done)));
    return back.future();
  }
}
