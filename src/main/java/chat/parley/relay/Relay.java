package chat.parley.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.cluster.Cluster;
import chat.parley.http.Problem;
import chat.parley.metrics.Metrics;
import chat.parley.tls.PeerTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a SockJS client's HTTP requests to the node that has its session, whichever node they reach: that node's relay port takes them from
 * whoever shows its key, which only members of the cluster can know. Thread-safe: concurrent maps; each request stays on its event loop.
 */
public final class Relay {
  /** The shared map of claims. */
  public static final String MAP = "sockjs";

  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final String KEY = "Parley-Relay-Key";
  private static final String USER = "Parley-Relay-User";
  private static final Duration CONNECT = Duration.ofSeconds(2);
  /** More than twice SockJS's heartbeat: whoever is silent for longer is dead. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final Cluster cluster;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Whereabouts whereabouts;
  private final HttpClient client;
  private final String key = randomKey();
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();
  private final @Nullable PeerTls tls;
  private volatile int port;

  private Relay(
      Vertx vertx, Cluster cluster, InstantSource clock, Metrics metrics, @Nullable PeerTls tls) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.clock = clock;
    this.metrics = metrics;
    this.whereabouts = new Whereabouts(cluster, clock);
    this.tls = tls;
    var options = new HttpClientOptions().setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
    this.client = vertx.createHttpClient(
        tls == null ? options : tls.turnOn(options),
        new PoolOptions().setHttp1MaxSize(Peer.REQUESTS));
  }

  /**
   * The relay of a node of the cluster.
   *
   * @param tls what nodes speak with each other; null: plain text
   */
  public static Relay start(
      Vertx vertx, Cluster cluster, InstantSource clock, Metrics metrics, @Nullable PeerTls tls) {
    var relay = new Relay(vertx, cluster, clock, metrics, tls);
    relay.whereabouts.start(vertx);
    cluster.onChange(change -> change.left().forEach(relay::left));
    metrics.gauge(
        "parley.sockjs.forwarding",
        "SockJS requests that are on their way to the node of their session",
        () -> relay.peers.values().stream().mapToInt(Peer::size).sum());
    return relay;
  }

  private static String randomKey() {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  /** The address to listen on for other nodes. */
  public String host() {
    return cluster.host();
  }

  /** How to listen for other nodes. */
  public HttpServerOptions listening() {
    var options = new HttpServerOptions().setHost(host()).setHttp2ClearTextEnabled(false);
    return tls == null ? options : tls.turnOn(options);
  }

  /** The relay port, once it is open; before that nothing may be claimed. */
  public void listening(int on) {
    port = on;
  }

  /** Who has the session of a request that may begin it: this node, if nobody had it. */
  public Future<Owner> claim(String session) {
    var self = new Owner(cluster.nodeId(), host(), port, key, clock.millis());
    return whereabouts.claim(session, self).map(this::ifAlive);
  }

  /** Who has the session; perhaps {@link Owner#isNobody nobody}. */
  public Future<Owner> find(String session) {
    return whereabouts.find(session).map(this::ifAlive);
  }

  private Owner ifAlive(Owner owner) {
    return cluster.nodes().contains(owner.node()) ? owner : Owner.NOBODY;
  }

  /** Whether that is this node. */
  public boolean isHere(Owner owner) {
    return cluster.nodeId().equals(owner.node());
  }

  /** This node has the session no more. */
  public void release(String session) {
    whereabouts.release(vertx, session);
  }

  /**
   * Has the owner answer the request. Call it on the request's event loop.
   *
   * @param uri path and query
   * @param user whose cookie the request had
   */
  public void forward(
      HttpServerRequest request,
      String uri,
      Buffer body,
      String session,
      Owner owner,
      @Nullable String user) {
    var peer = peers.computeIfAbsent(owner.node(), node -> new Peer());
    var forward =
        new Forward(vertx.getOrCreateContext(), request, body, () -> whereabouts.doubt(session));
    if (!peer.begin(forward)) {
      metrics.sockJsNotForwarded();
      Problem.answer(
          request.response().putHeader("Retry-After", "1"),
          503,
          "Busy",
          "too much is on its way between the nodes: begin a new session in a moment");
      return;
    }
    metrics.sockJsForwarded();
    forward
        .run(client, to(request, uri, owner, user))
        .onFailure(cause -> lost(session, owner, cause))
        .onComplete(over -> peer.end(forward));
  }

  private static RequestOptions to(
      HttpServerRequest request, String uri, Owner owner, @Nullable String user) {
    var options = new RequestOptions()
        .setMethod(request.method())
        .setHost(owner.host())
        .setPort(owner.port())
        .setURI(uri)
        .setIdleTimeout(SILENCE.toMillis())
        .putHeader(KEY, owner.key());
    return user == null ? options : options.putHeader(USER, URLEncoder.encode(user, UTF_8));
  }

  /** Mostly the client has gone, which is its right. */
  private void lost(String session, Owner owner, Throwable cause) {
    whereabouts.doubt(session);
    log.debug("A SockJS request for {} was not answered: {}", owner, cause.getMessage());
  }

  private void left(String node) {
    var peer = peers.remove(node);
    if (peer != null) {
      peer.abort();
    }
  }

  /** Whether a request at the relay port is from a node of the cluster. */
  public boolean isFromNode(HttpServerRequest request) {
    var shown = request.getHeader(KEY);
    return shown != null && MessageDigest.isEqual(shown.getBytes(UTF_8), key.getBytes(UTF_8));
  }

  /** Whose cookie a request from a node had. */
  public static @Nullable String user(HttpServerRequest request) {
    var user = request.getHeader(USER);
    return user == null ? null : URLDecoder.decode(user, UTF_8);
  }
}
