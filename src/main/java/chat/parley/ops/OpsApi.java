package chat.parley.ops;

import chat.parley.cluster.Cluster;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.util.function.BooleanSupplier;

/**
 * {@code GET /health/live}: the event loops turn. {@code GET /health/ready}: clients may be sent here. {@code GET /metrics}: Prometheus' text form.
 * Thread-safe: has no state of its own.
 */
public final class OpsApi {
  private final Cluster cluster;
  private final BooleanSupplier leaving;
  private final PrometheusMeterRegistry registry;

  /** @param leaving whether the node is on its way out */
  public OpsApi(Cluster cluster, BooleanSupplier leaving, PrometheusMeterRegistry registry) {
    this.cluster = cluster;
    this.leaving = leaving;
    this.registry = registry;
  }

  /** Adds the routes. */
  public void mount(Vertx vertx, Router router) {
    var ready = HealthChecks.create(vertx)
        .register("cluster", status -> {
          var nodes = new JsonObject().put("nodes", cluster.nodes().size());
          status.complete(
              cluster.safe() ? Status.OK(nodes) : Status.KO(nodes.put("reason", "not safe yet")));
        })
        .register(
            "staying",
            status -> status.complete(leaving.getAsBoolean() ? Status.KO() : Status.OK()));
    var live = HealthChecks.create(vertx).register("loop", status -> status.complete(Status.OK()));
    router.get("/health/ready").handler(HealthCheckHandler.createWithHealthChecks(ready));
    router.get("/health/live").handler(HealthCheckHandler.createWithHealthChecks(live));
    router
        .get("/metrics")
        .handler(request -> request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
            .end(registry.scrape()));
  }
}
