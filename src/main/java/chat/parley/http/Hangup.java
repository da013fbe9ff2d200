package chat.parley.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** The end of a connection whose client may take nothing any more. Pure. */
public final class Hangup {
  private Hangup() {}

  /** Closes a connection now. Asked politely, Vert.x would wait for a client that takes nothing. */
  @SuppressWarnings("FutureReturnValueIgnored") // It is gone either way.
  public static void now(HttpConnection connection) {
    var channel = ((HttpServerConnection) connection).channelHandlerContext().channel();
    var first = channel.pipeline().firstContext();
    if (first != null) {
      first.close(); // past Vert.x's handler, which would make a polite farewell of it
    }
  }
}
