package chat.parley.gateway;

import chat.parley.auth.Identity;
import chat.parley.http.Problem;
import chat.parley.relay.Owner;
import chat.parley.relay.Relay;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's door for SockJS. The library's sessions are in the node that began them; over HTTP each request may reach another
 * node, which has the owner answer it. Who the client is and whether it may come in is checked where it knocks. Confined to its event loop.
 */
final class SockJsDoor {
  private static final String PATH = "/sockjs/*";
  private static final String IDENTITY = "parley.identity";
  private static final String SESSION = "parley.sockjs.session";

  /** The client of a session that ended still comes to hear that; the library remembers it for 5 s. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  /** What becomes of a session that begins. */
  @FunctionalInterface
  interface Host {
    /**
     * Serves the session.
     *
     * @param gone to be called when it has ended
     */
    void open(SockJSSocket socket, @Nullable Identity identity, Runnable gone);
  }

  private final Vertx vertx;
  private final Gateway gateway;
  private final Door door;
  private final Refusals refusals;
  private final Host host;
  private final SockJsSessions sessions;
  private final @Nullable Relay relay;

  SockJsDoor(Vertx vertx, Gateway gateway, Door door, Refusals refusals, Host host) {
    this.vertx = vertx;
    this.gateway = gateway;
    this.door = door;
    this.refusals = refusals;
    this.host = host;
    this.sessions = gateway.sockJsSessions();
    this.relay = gateway.relay();
  }

  /** A frame inside a SockJS message is a JSON string, all of it escaped at worst: four bytes of a character become twelve. */
  static int carried(int frame) {
    return 3 * frame + 16;
  }

  /** For clients. */
  void mount(Router router) {
    router.route(PATH).handler(body()).handler(this::admit);
    router.route(PATH).subRouter(sockets());
  }

  /** For other nodes, which have checked the client; sessions don't begin here. */
  void mountForNodes(Router router) {
    router.route(PATH).handler(this::admitNode);
    router.route(PATH).handler(body()).handler(this::goOn);
    router.route(PATH).subRouter(sockets());
  }

  private BodyHandler body() {
    int frame = gateway.settings().session().frameBytes();
    return BodyHandler.create(false).setBodyLimit(carried(frame));
  }

  private Router sockets() {
    // The library would send a client's whole cookie header back to it, the token included.
    var options = new SockJSHandlerOptions()
        .setRegisterWriteHandler(false)
        .setInsertJSESSIONID(false)
        .setHeartbeatInterval(pollPause(gateway.settings().session().heartbeat()));
    return SockJSHandler.create(vertx, options).socketHandler(this::opened);
  }

  /** SockJS's own heartbeat ends a poll, and the next one is a sign of life: so it has to come at least once an interval. */
  private static long pollPause(Duration interval) {
    return Math.min(interval.toMillis(), SockJSHandlerOptions.DEFAULT_HEARTBEAT_INTERVAL);
  }

  /** A cookie's token is checked before the session begins; without one the session has to begin with an {@code auth} frame. */
  private void admit(RoutingContext request) {
    if (!door.originAllowed(request.request())) {
      Problem.answer(request.response(), 403, "Origin not allowed", Door.FOREIGN_ORIGIN);
      refusals.origin(request.request());
      return;
    }
    var token = Door.cookieToken(request.request());
    if (token == null) {
      direct(request, null);
      return;
    }
    request.request().pause(); // a check by a public key takes a moment
    gateway
        .authenticator()
        .authenticate(token)
        .recover(cause -> Future.failedFuture(Door.refusal(cause)))
        .onComplete(done -> request.request().resume())
        .onSuccess(identity -> {
          request.put(IDENTITY, identity);
          direct(request, identity.user());
        })
        .onFailure(cause -> refusals.answer(request.request(), cause));
  }

  /** To the node that has the session: mostly this one. */
  private void direct(RoutingContext request, @Nullable String user) {
    var address = SockJsAddress.of(request.request().method(), request.normalizedPath());
    if (address == null && isRefused(request)) {
      WebSocketDoor.leaving(request.response());
    } else if (address == null) {
      admitted(request, () -> pass(request, request::next), () -> {});
    } else if (!address.isFine()) {
      Problem.answer(
          request.response(),
          400,
          "Bad session id",
          "a SockJS session's id has another form (expected: " + SockJsAddress.FORM + ")");
    } else if (relay == null || sessions.get(address.session()) != null) {
      here(request, address, user);
    } else {
      boolean mayBegin = address.begins() && !gateway.leaving();
      var found = mayBegin ? relay.claim(address.session()) : relay.find(address.session());
      found
          .onSuccess(owner -> to(owner, relay, request, address, user))
          .onFailure(
              cause -> Problem.answer(
                  request.response(),
                  503,
                  "Unavailable",
                  "the cluster can't say now which node has this session: begin a new one in a moment"));
    }
  }

  /** A node that leaves serves the sessions that it has, and begins no others. */
  private boolean isRefused(RoutingContext request) {
    return gateway.leaving() && !request.request().method().equals(HttpMethod.OPTIONS);
  }

  private void to(
      Owner owner,
      Relay other,
      RoutingContext request,
      SockJsAddress address,
      @Nullable String user) {
    if (owner.isNobody()) {
      unknownHere(request, address);
    } else if (other.isHere(owner)) {
      here(request, address, user);
    } else {
      var body = request.body().buffer();
      other.forward(
          request.request(),
          uri(request),
          body == null ? Buffer.buffer() : body,
          address.session(),
          owner,
          user);
    }
  }

  private static String uri(RoutingContext request) {
    var query = request.request().query();
    return query == null ? request.normalizedPath() : request.normalizedPath() + "?" + query;
  }

  /** The user is asked for a place only when a session begins: the other requests are of one that has its place. */
  private void here(RoutingContext request, SockJsAddress address, @Nullable String user) {
    if (!address.begins() || sessions.get(address.session()) != null) {
      enter(request, address, user);
      return;
    }
    if (gateway.leaving()) {
      WebSocketDoor.leaving(request.response());
      return;
    }
    admitted(
        request,
        () -> {
          if (!request.response().closed()) {
            enter(request, address, user);
          }
          settle(address);
        },
        () -> settle(address));
  }

  private void admitted(RoutingContext request, Runnable may, Runnable mayNot) {
    Identity identity = request.get(IDENTITY);
    if (identity == null) {
      may.run();
      return;
    }
    request.request().pause(); // the cluster is asked for it
    WebSocketDoor.admitted(gateway, identity)
        .onComplete(done -> request.request().resume())
        .onSuccess(in -> may.run())
        .onFailure(cause -> {
          refusals.answer(request.request(), cause);
          mayNot.run();
        });
  }

  /** A claim without a session is given up. */
  private void settle(SockJsAddress address) {
    if (relay != null && sessions.get(address.session()) == null) {
      relay.release(address.session());
    }
  }

  /** Into the session, or into a new one. */
  private void enter(RoutingContext request, SockJsAddress address, @Nullable String user) {
    pass(request, () -> {
      var seat = sessions.get(address.session());
      if (seat != null && !seat.admits(user)) {
        unknown(request);
      } else {
        gateway.pollers().heard(request.request().path());
        gateway.lines().asked(request.request());
        request.put(SESSION, address.session());
        if (address.begins()) {
          announceClose(request);
        }
        request.next();
      }
    });
  }

  /** The library closes the connection behind each answer that is heard; a proxy must not use it again in the meantime. */
  private static void announceClose(RoutingContext request) {
    if (request.request().version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private void pass(RoutingContext request, Runnable passage) {
    gateway.turnstile().pass(request.request().path(), passage);
  }

  private void unknownHere(RoutingContext request, SockJsAddress address) {
    if (address.begins() && gateway.leaving()) {
      WebSocketDoor.leaving(request.response());
    } else {
      unknown(request);
    }
  }

  /** The same for a session of somebody else as for none: whoever guesses learns nothing. */
  private static void unknown(RoutingContext request) {
    Problem.answer(
        request.response(),
        404,
        "No such session",
        "there is no session of this id: begin a new one");
  }

  private void admitNode(RoutingContext request) {
    if (Objects.requireNonNull(relay).isFromNode(request.request())) {
      request.next();
    } else {
      Problem.answer(request.response(), 404, "Not found", "there is nothing at this path");
    }
  }

  private void goOn(RoutingContext request) {
    var address = SockJsAddress.of(request.request().method(), request.normalizedPath());
    if (address == null || sessions.get(address.session()) == null) {
      unknown(request);
    } else {
      enter(request, address, Relay.user(request.request()));
    }
  }

  private void opened(SockJSSocket socket) {
    Identity identity = socket.routingContext().get(IDENTITY);
    String session = socket.routingContext().get(SESSION);
    if (session == null) {
      host.open(socket, identity, () -> {});
    } else {
      var seat = sessions.begin(session, identity == null ? null : identity.user());
      host.open(
          socket, identity, () -> vertx.setTimer(LINGER.toMillis(), timer -> leave(session, seat)));
    }
  }

  private void leave(String session, SockJsSessions.Seat seat) {
    if (sessions.remove(session, seat) && relay != null) {
      relay.release(session);
    }
  }
}
