package chat.parley.it;

import chat.parley.testing.ChatClient;
import chat.parley.testing.ChatNode;
import chat.parley.testing.Conversation;
import chat.parley.testing.SockJsClient;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** What may carry the protocol's frames. Immutable. */
enum Carrier {
  WEBSOCKET(null),
  SOCKJS_WEBSOCKET(SockJsClient.Transport.WEBSOCKET),
  SOCKJS_XHR(SockJsClient.Transport.XHR),
  SOCKJS_XHR_STREAMING(SockJsClient.Transport.XHR_STREAMING);

  private final SockJsClient.@Nullable Transport sockjs;

  Carrier(SockJsClient.@Nullable Transport sockjs) {
    this.sockjs = sockjs;
  }

  boolean isSockJs() {
    return sockjs != null;
  }

  /** A client with this token: shown at the door, or over SockJS in the first frame. */
  Conversation connect(Vertx vertx, ChatNode node, String token) {
    return sockjs == null
        ? ChatClient.connect(vertx, node.webSocket(), token)
        : SockJsClient.connect(vertx, node.sockjs(), sockjs, token);
  }
}
