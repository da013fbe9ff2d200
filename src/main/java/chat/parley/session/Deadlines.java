package chat.parley.session;

import chat.parley.auth.Identity;
import chat.parley.protocol.CloseCode;
import chat.parley.protocol.ServerFrame;

/** By when a session has to have a name, and by when a fresh token. Confined to its session's event loop. */
final class Deadlines {
  private static final long NONE = -1;

  private final Session session;
  private final SessionHost host;
  private long hello = NONE;
  private long warning = NONE;
  private long expiry = NONE;

  Deadlines(Session session, SessionHost host) {
    this.session = session;
    this.host = host;
  }

  /** Whoever has no name has to say it soon. */
  void awaitName() {
    hello = after(
        SessionSettings.TIME_TO_AUTHENTICATE.toMillis(),
        () -> session.end(CloseCode.NEVER_AUTHENTICATED, null));
  }

  /** From now on this token's end counts. */
  void watch(Identity as) {
    cancel();
    var expires = as.expires();
    if (expires == null) {
      return;
    }
    long left = expires - host.clock().millis();
    expiry = after(left, () -> session.end(CloseCode.TOKEN_EXPIRED, null));
    long before = host.settings().warning().toMillis();
    if (before > 0) {
      warning = after(left - before, () -> session.send(new ServerFrame.Expiring(expires)));
    }
  }

  void cancel() {
    host.vertx().cancelTimer(hello);
    host.vertx().cancelTimer(warning);
    host.vertx().cancelTimer(expiry);
  }

  private long after(long millis, Runnable step) {
    return host.vertx().setTimer(Math.max(1, millis), timer -> step.run());
  }
}
