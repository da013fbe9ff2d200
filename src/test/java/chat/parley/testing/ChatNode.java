package chat.parley.testing;

import io.vertx.core.Vertx;
import java.net.URI;

/** One running node, wherever it runs: what a test needs to reach it. */
public interface ChatNode extends AutoCloseable {
  /** Its name in reports. */
  String name();

  /** {@code http://host:port}. */
  URI http();

  /** Ends it politely and waits until it is. */
  @Override
  void close();

  /** Where WebSockets connect. */
  default URI webSocket() {
    return URI.create("ws://" + http().getAuthority() + "/ws");
  }

  /** Where SockJS clients connect. */
  default URI sockjs() {
    return http().resolve("/sockjs");
  }

  /** A WebSocket client of this user, its token signed with the tests' secret. */
  default ChatClient connect(Vertx vertx, String user) {
    return ChatClient.connect(vertx, webSocket(), Tokens.of(user));
  }
}
