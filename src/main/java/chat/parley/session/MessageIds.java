package chat.parley.session;

/**
 * Ids for the messages of one session whose client gave none: the session's name makes them unique among all, a counter among its own. Confined to its
 * session's event loop.
 */
final class MessageIds {
  private final String session;
  private long count;

  MessageIds(String session) {
    this.session = session;
  }

  String next() {
    return session + '.' + ++count;
  }
}
