package chat.parley.session;

/**
 * What may be sent in a second; bursts are twice as much unless something else is said, and 0 is no limit. Immutable.
 *
 * @param messages messages and signals of a session
 * @param bytes of all frames of a session
 * @param joins of a session; at once as many as it may be in rooms
 * @param reads requests of a session for history and presence
 * @param others all else of a session: pings, control frames, frames that are refused
 * @param refusals of a session within {@link RateLimit#WINDOW} before it is closed as flooding
 * @param userMessages messages and signals of all sessions of a user together
 * @param userBytes of all messages and signals of a user together
 * @param opens new connections of a user; at once as many as a user may have
 */
public record Rates(
    int messages,
    int bytes,
    int joins,
    int reads,
    int others,
    int refusals,
    int userMessages,
    int userBytes,
    int opens) {
  /** No limit anywhere. */
  public static final Rates NONE = new Rates(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
