package chat.parley.testing;

/** One broken promise, and where it shows. Immutable. */
public record Violation(Kind kind, String room, String client, String what) {
  /** Which promise was broken (PROTOCOL.md, promises). */
  public enum Kind {
    /** A message was acked, and a member that stayed or resumed never saw it, or it is gone from the room. */
    LOST,
    /** One member saw a message, and another that stayed or resumed never did, though nobody was promised it by an ack. */
    MISSED,
    /** One client saw one message at two places of one numbering, or twice at one. */
    TWICE,
    /** A position is missing between two messages that a client saw. */
    HOLE,
    /** A message came below one that the client had already seen. */
    OUT_OF_ORDER,
    /** Two clients saw different messages at one position, or one message at two positions of one numbering. */
    DISAGREE,
    /** An ack names another position than the one where the message is. */
    WRONG_ACK,
    /** Two acks call the same message new. */
    ACKED_TWICE,
    /** One session's publishes were accepted in another order than sent. */
    OWN_ORDER,
    /** A client was told less was in the room than it had already seen. */
    HEAD_BEHIND,
    /** A message of a numbering that nobody told the client about. */
    UNKNOWN_EPOCH,
    /** A message came to a client that was not in the room. */
    NOT_MEMBER,
    /** A message that nobody sent. */
    NEVER_SENT,
    /** A message's data is not what was sent. */
    ALTERED,
    /** At the end members of one room are in different numberings. */
    PARTED
  }

  @Override
  public String toString() {
    return kind + " in " + room + ", " + client + ": " + what;
  }
}
