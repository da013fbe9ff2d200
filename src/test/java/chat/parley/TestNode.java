package chat.parley;

import chat.parley.cluster.HazelcastCluster;
import chat.parley.config.ConfigLoader;
import chat.parley.registry.Registry;
import chat.parley.testing.Await;
import chat.parley.testing.ChatNode;
import chat.parley.testing.FreePorts;
import chat.parley.testing.Tokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * A node in the test's own JVM, on a free loopback port, its tokens signed with the tests' secret and its rate unlimited unless the
 * settings say otherwise. Thread-safe: what it hands out is.
 */
public final class TestNode implements ChatNode {
  private static final Duration START = Duration.ofSeconds(40);
  private static final int LOOPS = 2;

  private final String name;
  private final HazelcastCluster.Settings cluster;
  private final Vertx vertx;
  private final Node node;
  private final PrometheusMeterRegistry registry;

  private TestNode(
      String name,
      Vertx vertx,
      Node node,
      PrometheusMeterRegistry registry,
      HazelcastCluster.Settings cluster) {
    this.name = name;
    this.cluster = cluster;
    this.vertx = vertx;
    this.node = node;
    this.registry = registry;
  }

  /** A node on its own. */
  public static TestNode alone(JsonObject settings) {
    return Await.result("a node", start("node", settings, false), START);
  }

  /** So many nodes that form one cluster; one: a node on its own. */
  public static List<TestNode> cluster(int size, JsonObject settings) {
    if (size == 1) {
      return List.of(alone(settings));
    }
    return cluster(IntStream.range(0, size).mapToObj(i -> settings).toList());
  }

  /** Nodes that form one cluster, each with settings of its own. */
  public static List<TestNode> cluster(List<JsonObject> settings) {
    int size = settings.size();
    var ports = FreePorts.of(size);
    var members = new JsonArray();
    ports.forEach(port -> members.add("127.0.0.1:" + port));
    var shared = JsonObject.of("name", "test-" + UUID.randomUUID(), "members", members);
    var nodes = new ArrayList<TestNode>();
    for (int i = 0; i < size; i++) {
      var own = JsonObject.of(
          "cluster",
          shared
              .copy()
              .put("port", ports.get(i))
              .put("busPort", FreePorts.one())
              .put("relayPort", FreePorts.one()));
      var starting = start("node" + i, own.mergeIn(settings.get(i), true), true);
      nodes.add(Await.result("node " + i, starting, START));
    }
    Await.until(
        "all nodes know each other",
        START,
        () -> nodes.stream()
            .allMatch(one -> one.node.members() == size && one.metric("parley.cluster.safe") == 1));
    return List.copyOf(nodes);
  }

  private static Future<TestNode> start(String name, JsonObject settings, boolean clustered) {
    var config = ConfigLoader.of(defaults().mergeIn(settings, true));
    var clustering = clustered ? Clustering.of(config.cluster()) : Clustering.none();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var node = new Node(config, clustering, registry, LOOPS);
    var options = new VertxOptions().setEventLoopPoolSize(LOOPS).setPreferNativeTransport(true);
    var builder = clustering.prepare(Vertx.builder().with(clustering.prepare(options)));
    var started = clustered ? builder.buildClustered() : Future.succeededFuture(builder.build());
    return started.compose(vertx -> vertx
        .deployVerticle(node)
        .map(id -> new TestNode(name, vertx, node, registry, config.cluster())));
  }

  private static JsonObject defaults() {
    return JsonObject.of(
        "http", JsonObject.of("host", "127.0.0.1", "port", 0),
        "auth", JsonObject.of("secret", Tokens.SECRET),
        "limits", unlimited());
  }

  private static JsonObject unlimited() {
    var limits = new JsonObject();
    for (var limit :
        List.of("rate", "bytes", "userRate", "userBytes", "joins", "reads", "others", "opens")) {
      limits.put(limit, 0);
    }
    return limits;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI http() {
    return URI.create("http://127.0.0.1:" + node.port());
  }

  /** Who is where, as this node tells. */
  public Registry registry() {
    return Objects.requireNonNull(node.registry());
  }

  /** Its Vert.x, for applications that run beside it. */
  public Vertx vertx() {
    return vertx;
  }

  /** Where it takes other nodes' SockJS requests. */
  public URI relay() {
    return URI.create("http://127.0.0.1:" + cluster.relayPort());
  }

  /** The port on which it takes other nodes' bus messages. */
  public int busPort() {
    return cluster.busPort();
  }

  /** From now on it lets nobody in. */
  public void leave() {
    node.leave();
  }

  /** Sends its clients to other nodes, as at the beginning of its end; done when it may end. */
  public Future<Void> drain() {
    return node.drain();
  }

  /** What a gauge or a counter shows now, by its name in the code. */
  public double metric(String meter) {
    return registry.get(meter).meter().measure().iterator().next().getValue();
  }

  /** What a counter of one limit shows now. */
  public double metric(String meter, String limit) {
    return registry.get(meter).tag("limit", limit).counter().count();
  }

  @Override
  public void close() {
    Await.result("the end of " + name, vertx.close(), START);
  }
}
