package chat.parley.api;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.cluster.UnavailableException;
import chat.parley.protocol.ProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a request of another program was refused, in HTTP's terms. Immutable.
 *
 * @param detail for a person: what was wrong and what would be right
 */
record Refusal(int status, String title, String detail) {
  private static final Logger log = LoggerFactory.getLogger(Refusal.class);

  /** The token is good, but not for this. Stackless. */
  static final class Forbidden extends RuntimeException {
    Forbidden(String message) {
      super(message, null, false, false);
    }
  }

  /** The same; a mistake of ours is written down. */
  static Refusal logged(String asked, Throwable why) {
    var refusal = of(why);
    if (refusal.status() == 500) {
      log.error("{} failed", asked, why);
    }
    return refusal;
  }

  static Refusal of(Throwable why) {
    var message = String.valueOf(why.getMessage());
    return switch (why) {
      case BadToken bad -> new Refusal(401, "Token needed", message);
      case Forbidden forbidden -> new Refusal(403, "Not allowed", message);
      case IllegalArgumentException wrong -> new Refusal(400, "Bad request", message);
      case ProtocolException wrong -> new Refusal(400, "Bad request", message);
      case UnavailableException gone ->
        new Refusal(
            503,
            "Unavailable",
            "the cluster can't answer now: try again, a publish with the same id");
      default -> new Refusal(500, "Internal error", "the server made a mistake");
    };
  }
}
