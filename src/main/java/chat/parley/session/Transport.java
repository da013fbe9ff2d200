package chat.parley.session;

import chat.parley.protocol.CloseCode;
import chat.parley.room.Burst;
import io.vertx.core.Future;

/**
 * The wire under a session: WebSocket or SockJS. It keeps the order of what is sent, and sends it at the end of the loop's turn. Called on the session's event
 * loop only.
 */
public interface Transport {
  /** What it is: {@code websocket} or {@code sockjs}. */
  String name();

  /** Where the other side is, as far as the connection tells; may be empty. */
  default String address() {
    return "";
  }

  /** Queues one frame, UTF-8 JSON. */
  void send(byte[] json);

  /** Queues a room's frames; the burst is valid during the call only. */
  void send(Burst burst);

  /** Bytes that were queued and are not yet with the kernel. Own accounting: the frameworks' is not reliable. */
  long queuedBytes();

  /** Succeeds when what is queued now has been taken by the kernel; fails when the connection has gone. */
  Future<Void> drained();

  /** Stops or goes on reading what the client sends. */
  void reading(boolean on);

  /** Hands what is queued to the kernel now, as far as it takes it. */
  void flush();

  /**
   * Asks the other side whether it is there; any answer is told to the session as a sign of life.
   *
   * @return whether this transport can ask; if not, the client has to say something by itself
   */
  boolean probe();

  /** Closes after what is queued was sent, with the code where the transport can carry it. */
  void close(CloseCode code);

  /** Closes now; what is queued is lost. For peers that no longer read. */
  void abort();
}
