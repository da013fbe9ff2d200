package chat.parley.auth;

/** What may be allowed in a room, one by one. */
public enum Right {
  JOIN("join"),
  PUBLISH("publish"),
  HISTORY("history"),
  PRESENCE("presence");

  private final String word;

  Right(String word) {
    this.word = word;
  }

  /** As in the configuration, and to say what is not allowed. */
  String word() {
    return word;
  }
}
