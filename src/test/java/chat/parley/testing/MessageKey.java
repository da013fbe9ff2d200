package chat.parley.testing;

/** What makes a message one and the same wherever it shows: its room, who sent it, its id. Immutable. */
record MessageKey(String room, String user, String id) {
  static MessageKey of(Entry.Received message) {
    return new MessageKey(message.room(), message.user(), message.id());
  }

  @Override
  public String toString() {
    return user + "'s " + id;
  }
}
