package chat.parley.protocol;

/** A place in a room's log: the message {@code seq} of the numbering {@code epoch}. Immutable. */
public record Position(String epoch, long seq) {}
