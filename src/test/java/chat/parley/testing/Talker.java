package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A member of a room who says something now and then and tells how long what anybody said in it took to come; light enough for hundreds at a time. Thread-safe:
 * the socket takes calls from any thread.
 */
public final class Talker {
  private static final String SENT = "\"data\":{\"at\":";

  private final Vertx vertx;
  private final WebSocket socket;
  private final String room;
  private long timer = -1;

  private Talker(Vertx vertx, WebSocket socket, String room) {
    this.vertx = vertx;
    this.socket = socket;
    this.room = room;
  }

  /**
   * Connects and joins.
   *
   * @param took told of each message, its own ones too
   * @param ended told if the connection ends
   */
  public static Future<Talker> join(
      Vertx vertx, URI node, String user, String room, Consumer<Duration> took, Runnable ended) {
    Promise<Void> joined = Promise.promise();
    var dialer = Dialer.of(vertx);
    var context = Dialer.ownLoop(vertx);
    return Dialer.on(context, () -> {
      var dialing = dialer.webSockets().webSocket();
      dialing.textMessageHandler(text -> {
        if (text.startsWith("{\"type\":\"message\"")) {
          var sent = sent(text);
          if (sent >= 0) {
            took.accept(Duration.ofNanos(System.nanoTime() - sent));
          }
        } else if (text.startsWith("{\"type\":\"joined\"")) {
          joined.tryComplete();
        }
      });
      dialing.exceptionHandler(broken -> {});
      dialing.closeHandler(closed -> ended.run());
      return dialing
          .connect(ChatClient.options(node, Tokens.of(user)))
          .compose(socket -> socket
              .writeTextMessage("{\"type\":\"join\",\"room\":\"" + room + "\"}")
              .compose(sent -> joined.future())
              .map(in -> new Talker(vertx, socket, room)));
    });
  }

  /** When it was said, by {@link System#nanoTime}; -1 if it is nothing a talker said. */
  private static long sent(String message) {
    int from = message.indexOf(SENT);
    if (from < 0) {
      return -1;
    }
    from += SENT.length();
    return Long.parseLong(message, from, message.indexOf('}', from), 10);
  }

  /** Says something once in every so long. */
  public void talk(Duration every) {
    timer = vertx.setPeriodic(
        every.toMillis(),
        tick -> socket
            .writeTextMessage("{\"type\":\"publish\",\"room\":\"%s\",\"data\":{\"at\":%d}}"
                .formatted(room, System.nanoTime()))
            .onFailure(gone -> {}));
  }

  /** Says no more, and leaves. */
  public void leave() {
    vertx.cancelTimer(timer);
    socket.close().onFailure(gone -> {});
  }
}
