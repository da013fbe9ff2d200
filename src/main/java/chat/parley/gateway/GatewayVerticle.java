package chat.parley.gateway;

import chat.parley.auth.Identity;
import chat.parley.session.Session;
import chat.parley.session.SessionHost;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's door: HTTP, WebSocket at {@code /ws} and SockJS at {@code /sockjs} on one port, which all instances share. Confined to its event
 * loop.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(GatewayVerticle.class);
  private static final int FAREWELL_SECONDS = 3;

  /** A negative port is one free port for all instances. */
  private static final int ANY_PORT = -1;

  private static final int ANY_RELAY_PORT = -2;

  /** Where the webjar has sockjs-client, which {@code /parley-sockjs.js} loads. */
  private static final String SOCKJS_CLIENT = "META-INF/resources/webjars/sockjs-client/1.6.1/dist";

  private final Gateway gateway;
  private final Refusals refusals;
  private final Certificate certificate;
  private @Nullable Sessions sessions;
  private @Nullable SessionHost host;
  private @Nullable SockJsDoor sockJs;
  private @Nullable HttpServer server;
  private @Nullable HttpServer nodes;

  public GatewayVerticle(Gateway gateway) {
    this.gateway = gateway;
    this.refusals = new Refusals(gateway.audit(), gateway.admission());
    this.certificate =
        new Certificate(gateway.settings().tls(), gateway.settings().reload());
  }

  @Override
  public Future<?> start() {
    var settings = gateway.settings();
    var rooms = gateway.rooms();
    host = new SessionHost(
        vertx,
        rooms.id(),
        rooms.onThisLoop(),
        gateway.presence().onThisLoop(),
        gateway.registry(),
        gateway.authenticator(),
        gateway.access(),
        settings.session(),
        gateway.budgets(),
        gateway.metrics(),
        gateway.audit(),
        gateway.clock());
    var entrance = new Door(settings.origins(), settings.queryToken(), gateway.authenticator());
    if (settings.sockJs()) {
      sockJs = new SockJsDoor(vertx, gateway, entrance, refusals, this::open);
    }
    var here = new Sessions(context, settings.session().heartbeat(), SessionHost.TICKS);
    sessions = here;
    gateway.open(here);
    vertx.setPeriodic(here.period().toMillis(), timer -> here.tick());
    gateway.blocks().onChange(() -> context.runOnContext(now -> here.recheck()));
    var waiting = antechamber(settings);
    vertx.setPeriodic(1_000, timer -> waiting.tick());
    var webSockets = new WebSocketDoor(vertx, gateway, entrance, refusals, waiting, this::open);
    var router = router(entrance);
    // The WebSocket path is ours alone: the router would hand out wrapped sockets.
    var options = options(settings);
    return certificate
        .addTo(vertx, options)
        .compose(complete -> listen(complete, waiting, webSockets, router));
  }

  private Future<?> listen(
      HttpServerOptions options, Antechamber waiting, WebSocketDoor webSockets, Router router) {
    var opened = vertx
        .createHttpServer(options)
        .connectionHandler(connection -> {
          calm(connection);
          waiting.arrived(connection);
        })
        .requestHandler(request -> {
          if (!waiting.asks(request)) {
            return;
          }
          if (request.path().equals("/ws")) {
            webSockets.knock(request);
          } else {
            router.handle(request);
          }
        });
    server = opened;
    certificate.keepFresh(vertx, opened);
    return listenToNodes()
        .compose(nodes -> opened.listen())
        .onSuccess(open -> gateway.listening(open.actualPort()))
        .compose(open -> redirect());
  }

  private Future<?> redirect() {
    int plain = gateway.settings().redirect();
    return plain == 0
        ? Future.succeededFuture()
        : vertx
            .createHttpServer(new HttpServerOptions()
                .setHost(gateway.settings().host())
                .setPort(plain)
                .setIdleTimeout(10))
            .requestHandler(request -> Redirect.answer(request, gateway.port()))
            .listen();
  }

  /** The relay port, for requests of SockJS clients that reached other nodes. */
  private Future<?> listenToNodes() {
    var relay = gateway.relay();
    if (relay == null || sockJs == null) {
      return Future.succeededFuture();
    }
    var router = Router.router(vertx);
    sockJs.mountForNodes(router);
    int port = gateway.settings().relayPort();
    nodes = vertx
        .createHttpServer(
            relay.listening().setPort(port == 0 ? ANY_RELAY_PORT : port).setAcceptBacklog(4096))
        .connectionHandler(GatewayVerticle::calm)
        .requestHandler(router);
    return nodes
        .listen()
        .onSuccess(open -> relay.listening(open.actualPort()))
        .recover(cause -> Future.failedFuture("cluster.relayPort %d at %s can't be listened on: %s"
            .formatted(port, relay.host(), cause.getMessage())));
  }

  /** Nobody's mistake: networks break. Unheard, each would be an error in the log. */
  private static void calm(HttpConnection connection) {
    connection.exceptionHandler(broken -> log.debug("a connection broke: {}", broken.getMessage()));
  }

  /** This loop's share of the node's. */
  private Antechamber antechamber(GatewaySettings settings) {
    int loops = gateway.rooms().loopCount();
    int sessions = settings.admission().node();
    int handshakes = (settings.admission().handshakes() + loops - 1) / loops;
    // Over SockJS a session may have two connections at a time.
    int most = sessions == 0 ? 0 : 2 * (sessions + loops - 1) / loops + handshakes;
    return new Antechamber(
        handshakes, most, settings.patience(), SessionHost.TICKS, gateway.metrics());
  }

  /** Everyone is told that the node leaves, and has a moment to hear it. */
  @Override
  public Future<?> stop() {
    gateway.leave();
    var told = sessions == null ? Future.succeededFuture() : sessions.leave(gateway::nextReturn);
    return told.compose(gone -> Future.join(shutdown(server), shutdown(nodes)));
  }

  private static Future<?> shutdown(@Nullable HttpServer open) {
    return open == null
        ? Future.succeededFuture()
        : open.shutdown(FAREWELL_SECONDS, TimeUnit.SECONDS);
  }

  private static HttpServerOptions options(GatewaySettings settings) {
    int frame = settings.session().frameBytes();
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port() == 0 ? ANY_PORT : settings.port())
        .setAcceptBacklog(4096)
        // What was sent to a peer that is gone is not repeated for a quarter of an hour.
        .setTcpUserTimeout(Math.toIntExact(settings.session().silence().toMillis()))
        .setMaxWebSocketFrameSize(SockJsDoor.carried(frame))
        .setMaxWebSocketMessageSize(SockJsDoor.carried(frame))
        .setWebSocketSubProtocols(List.of(Door.PROTOCOL))
        // Per socket and message it costs two to three times the CPU of a delivery.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setRegisterWebSocketWriteHandlers(false)
        // A session cuts its connection itself; Vert.x's own clock would go on after that and
        // complain.
        .setWebSocketClosingTimeout(-1)
        .setCompressionSupported(true)
        // A small body may be a large one, packed: whoever wants to read it has to say so.
        .setDecompressionSupported(false)
        .setMaxInitialLineLength(4_096)
        .setMaxHeaderSize(16_384)
        // WebSocket and SockJS are of HTTP/1.1; what isn't there can't be abused.
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false);
  }

  private Router router(Door door) {
    var router = Router.router(vertx);
    router.route().handler(SecurityHeaders::add);
    router.route("/api/*").handler(new Cors(door, refusals)::check);
    gateway.routes().accept(router);
    if (sockJs != null) {
      sockJs.mount(router);
    }
    router.route("/sockjs-client/*").handler(files(SOCKJS_CLIENT));
    router.route().handler(files("webroot"));
    ErrorPages.mount(router);
    return router;
  }

  private static StaticHandler files(String resources) {
    return StaticHandler.create(resources)
        .setCachingEnabled(true)
        .setMaxAgeSeconds(60)
        .setDefaultContentEncoding("UTF-8");
  }

  private void open(ServerWebSocket socket, Identity identity, Admission.Place place) {
    var here = host();
    var transport =
        new WebSocketTransport(socket, here.rooms().turn(), here.settings().frameBytes());
    var session = Session.of(here, transport, identity);
    transport.feed(session, () -> {
      place.leave();
      remove(session);
    });
    add(session);
  }

  private void open(SockJSSocket socket, @Nullable Identity identity, Runnable gone) {
    Admission.Place place;
    try {
      place = gateway.admission().enter(socket.routingContext().request());
    } catch (Admission.FullException full) {
      SockJsTransport.turnAway(socket, full.retryAfter());
      refusals.full(socket.routingContext().request(), full);
      gone.run();
      return;
    }
    var here = host();
    var transport = new SockJsTransport(socket, gateway.turnstile(), gateway.lines());
    var session = identity == null
        ? Session.nameless(here, transport)
        : Session.of(here, transport, identity);
    gateway.pollers().add(transport.path(), session);
    transport.feed(session, here.rooms(), here.settings().frameBytes(), () -> {
      place.leave();
      gateway.pollers().remove(transport.path(), session);
      remove(session);
      gone.run();
    });
    add(session);
  }

  private SessionHost host() {
    return Objects.requireNonNull(host);
  }

  private void add(Session session) {
    Objects.requireNonNull(sessions).add(session);
    gateway.counted(1);
  }

  private void remove(Session session) {
    if (sessions != null && sessions.remove(session)) {
      gateway.counted(-1);
    }
  }
}
