package chat.parley.registry;

import chat.parley.protocol.CloseCode;

/** An open connection of this node whose user is known. Its methods may be called on any thread. */
public interface Connection {
  /** Its session's name, unique in the cluster. */
  String id();

  /** Whose it is. */
  String user();

  /** What carries it: {@code websocket} or {@code sockjs}. */
  String transport();

  /** When it was opened, ms since 1970. */
  long since();

  /** When its peer last gave a sign of life, ms since 1970; told once per heartbeat. */
  long seen();

  /** Ends it, its client being told the code. Takes effect on the connection's own event loop. */
  void disconnect(CloseCode code);
}
