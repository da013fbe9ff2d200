package chat.parley.auth;

import io.vertx.core.Future;

/** Refuses tokens that were good once and have been revoked. Thread-safe: immutable. */
public final class Unrevoked implements Authenticator {
  private final Authenticator signatures;
  private final Blocklist blocks;

  public Unrevoked(Authenticator signatures, Blocklist blocks) {
    this.signatures = signatures;
    this.blocks = blocks;
  }

  @Override
  public Future<Identity> authenticate(String token) {
    return signatures
        .authenticate(token)
        .compose(identity -> blocks.revokes(identity)
            ? Future.failedFuture(new BadToken("the token was revoked"))
            : Future.succeededFuture(identity));
  }
}
