package chat.parley.session;

import chat.parley.metrics.Limit;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.CloseCode;
import java.util.EnumSet;
import java.util.Set;

/** The way in of one session: what it sends is weighed, and a client that goes on and on is not read for a while. Confined to its session's event loop. */
final class Intake {
  /** Ends that a client brings about by what it sends, each at little cost to itself. */
  private static final Set<CloseCode> OFFENCES = EnumSet.of(
      CloseCode.PROTOCOL_ERROR,
      CloseCode.INVALID_UTF8,
      CloseCode.TOO_BIG,
      CloseCode.TOO_MANY_BAD_FRAMES);

  private final SessionHost host;
  private final Transport transport;
  private final RateLimit limits;
  private int holds;
  private boolean resting;

  Intake(SessionHost host, Transport transport) {
    this.host = host;
    this.transport = transport;
    this.limits = new RateLimit(host);
  }

  /** See {@link RateLimit#admit}. */
  void admit(ClientFrame frame, int length, String user) {
    limits.admit(frame, length, user);
  }

  /** See {@link RateLimit#charge}. */
  void charge(int length) {
    limits.charge(length);
  }

  /** See {@link RateLimit#chargePart}. */
  void chargePart(int length) {
    limits.chargePart(length);
  }

  /** Whether this user's session has to end; if not, it is not read for a moment where the client doesn't heed what it is told. */
  boolean isFlooding(String user) {
    if (limits.isFlooding()) {
      host.metrics().limited(Limit.FLOODING);
      host.budgets().shut(user, RateLimit.SHUT);
      reading(false);
      return true;
    }
    rest();
    return false;
  }

  private void rest() {
    if (limits.rest() > 0 && !resting) {
      resting = true;
      reading(false);
      host.vertx().setTimer(limits.rest(), timer -> {
        resting = false;
        reading(true);
      });
    }
  }

  /** This user's session ends, for this reason. */
  void ending(CloseCode why, String user) {
    if (OFFENCES.contains(why)) {
      host.budgets().strike(user, RateLimit.SHUT);
    }
  }

  /** Whether what the client sends is not read now. */
  boolean isHeld() {
    return holds > 0;
  }

  /** Off as often as on again: there is more than one reason not to read. */
  void reading(boolean on) {
    holds += on ? -1 : 1;
    if (holds == (on ? 0 : 1)) {
      transport.reading(on);
    }
  }
}
