package chat.parley.ops;

import chat.parley.cluster.Cluster;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code GET /health/live}: the event loops turn. {@code GET /health/ready}: clients may be sent here. {@code GET /health/safe}: another node may be
 * stopped. {@code GET /metrics}: Prometheus' text form, here or at a port of its own. Thread-safe: has no state of its own.
 */
public final class OpsApi {
  private static final String TEXT_FORM = "text/plain; version=0.0.4; charset=utf-8";
  /** Longer than Prometheus lets pass between two scrapes. */
  private static final int IDLE_SECONDS = 120;

  /** A loop that takes so long is stuck, not busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Cluster cluster;
  private final Supplier<? extends Future<?>> loops;
  private final BooleanSupplier leaving;
  private final PrometheusMeterRegistry registry;
  private final int metricsPort;

  /**
   * What it tells.
   *
   * @param loops answers when all event loops have
   * @param leaving whether the node is on its way out
   * @param metricsPort the port for the metrics alone; 0: none
   */
  public OpsApi(
      Cluster cluster,
      Supplier<? extends Future<?>> loops,
      BooleanSupplier leaving,
      PrometheusMeterRegistry registry,
      int metricsPort) {
    this.cluster = cluster;
    this.loops = loops;
    this.leaving = leaving;
    this.registry = registry;
    this.metricsPort = metricsPort;
  }

  /** Adds the routes. */
  public void mount(Vertx vertx, Router router) {
    var ready = HealthChecks.create(vertx)
        .register("cluster", status -> {
          var nodes = new JsonObject().put("nodes", cluster.nodes().size());
          var hindrance = cluster.hindrance();
          status.complete(
              hindrance == null ? Status.OK(nodes) : Status.KO(nodes.put("reason", hindrance)));
        })
        .register(
            "staying",
            status -> status.complete(leaving.getAsBoolean() ? Status.KO() : Status.OK()));
    var safe = HealthChecks.create(vertx)
        .register("cluster", status -> status.complete(cluster.safe() ? Status.OK() : Status.KO()));
    var live = HealthChecks.create(vertx)
        .register(
            "loops",
            PATIENCE.toMillis(),
            status -> loops.get().map(Status.OK()).onComplete(status));
    router.get("/health/safe").handler(HealthCheckHandler.createWithHealthChecks(safe));
    router.get("/health/ready").handler(HealthCheckHandler.createWithHealthChecks(ready));
    router.get("/health/live").handler(HealthCheckHandler.createWithHealthChecks(live));
    if (metricsPort == 0) {
      router.get("/metrics").handler(this::metrics);
    }
  }

  /** Opens the metrics' own port, where they have one. */
  public Future<?> listen(Vertx vertx, String host) {
    if (metricsPort == 0) {
      return Future.succeededFuture();
    }
    var router = Router.router(vertx);
    router.get("/metrics").handler(this::metrics);
    return vertx
        .createHttpServer(new HttpServerOptions()
            .setHost(host)
            .setPort(metricsPort)
            .setIdleTimeout(IDLE_SECONDS)
            .setCompressionSupported(true)
            .setHttp2ClearTextEnabled(false))
        .requestHandler(router)
        .listen()
        .recover(cause -> Future.failedFuture("metrics.port %d at %s can't be listened on: %s"
            .formatted(metricsPort, host, cause.getMessage())));
  }

  /** Putting the text together takes milliseconds, which an event loop has better uses for. */
  private void metrics(RoutingContext request) {
    request
        .vertx()
        .<String>executeBlocking(registry::scrape, false)
        .onSuccess(text ->
            request.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT_FORM).end(text))
        .onFailure(request::fail);
  }
}
