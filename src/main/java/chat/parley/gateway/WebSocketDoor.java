package chat.parley.gateway;

import chat.parley.auth.Identity;
import chat.parley.http.Problem;
import chat.parley.session.Budgets;
import chat.parley.session.SessionHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;

/** One event loop's door for WebSockets at {@code /ws}: who comes is looked at before the connection is upgraded. Confined to its event loop. */
final class WebSocketDoor {
  private static final String LEAVING = "this node is leaving: connect again to reach another one";

  /** What becomes of a WebSocket that was let in. */
  @FunctionalInterface
  interface Host {
    /** Serves it, and leaves the place when it has gone. */
    void open(ServerWebSocket socket, Identity identity, Admission.Place place);
  }

  private final Gateway gateway;
  private final Door door;
  private final Refusals refusals;
  private final Antechamber antechamber;
  private final Tarpit tarpit;
  private final Host host;

  WebSocketDoor(
      Vertx vertx,
      Gateway gateway,
      Door door,
      Refusals refusals,
      Antechamber antechamber,
      Host host) {
    this.gateway = gateway;
    this.door = door;
    this.refusals = refusals;
    this.antechamber = antechamber;
    this.tarpit = new Tarpit(vertx, SessionHost.TICKS);
    this.host = host;
  }

  /** Somebody asks for a WebSocket. */
  void knock(HttpServerRequest request) {
    if (gateway.leaving()) {
      leaving(request.response());
      return;
    }
    var upgrade = request.getHeader("Upgrade");
    if (upgrade == null || !upgrade.equalsIgnoreCase("websocket")) {
      request.response().putHeader("Upgrade", "websocket");
      Problem.answer(
          request.response(), 426, "Upgrade required", "this path speaks WebSocket only");
      return;
    }
    Admission.Place place;
    try {
      place = gateway.admission().enter(request);
    } catch (Admission.FullException full) {
      refusals.answer(request, full);
      return;
    }
    request.pause();
    door.admit(request)
        .compose(identity -> admitted(gateway, identity))
        .compose(identity -> {
          request.resume();
          return request.toWebSocket().onSuccess(socket -> {
            antechamber.left(request.connection());
            host.open(socket, identity, place);
          });
        })
        .onFailure(cause -> {
          place.leave();
          request.resume();
          tarpit.answer(
              request, gateway.admission().counted(request), () -> refusals.answer(request, cause));
        });
  }

  /** Whoever tries again over another connection may reach another node. */
  static void leaving(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Problem.answer(response, 503, "Leaving", LEAVING);
  }

  /** Whether the user may have one more session. */
  static Future<Identity> admitted(Gateway gateway, Identity identity) {
    return gateway
        .budgets()
        .admit(identity.user())
        .map(identity)
        .recover(cause -> Future.failedFuture(
            cause instanceof Budgets.NoRoomException full
                ? new Admission.FullException(
                    429, String.valueOf(full.getMessage()), full.retryAfter())
                : cause));
  }
}
