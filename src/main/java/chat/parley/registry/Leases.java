package chat.parley.registry;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.metrics.Metrics;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's lease, renewed by one call a second, and what the other nodes say of themselves. Confined to the registry's event loop, but for what was
 * seen last, a volatile snapshot that the meters read.
 */
final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);
  /** Renewals between two looks at the others. */
  private static final int LOOK = 5;

  private final Cluster cluster;
  private final InstantSource clock;
  private final Registry.Settings settings;
  private final Registry.Host host;
  private final Metrics metrics;
  private final SharedMap<Lease> map;
  private final long started;
  private boolean renewing;
  private int renewals;
  private volatile List<Lease> seen = List.of();

  Leases(
      Cluster cluster,
      InstantSource clock,
      Registry.Settings settings,
      Registry.Host host,
      Metrics metrics) {
    this.cluster = cluster;
    this.clock = clock;
    this.settings = settings;
    this.host = host;
    this.metrics = metrics;
    this.map = cluster.map(Registry.NODES);
    this.started = clock.millis();
    metrics.gauge(
        "parley.cluster.sessions",
        "Sessions on all nodes, as they told last",
        () -> seen.stream().mapToInt(lease -> lease.vitals().sessions()).sum());
    metrics.gauge(
        "parley.cluster.lease.age", "Seconds since the node that told least lately did", this::age);
  }

  private double age() {
    long now = clock.millis();
    return seen.stream()
        .mapToDouble(lease -> Math.max(0, now - lease.renewed()) / 1000.0)
        .max()
        .orElse(0);
  }

  /** Tells how this node is doing, unless it is still telling. */
  void renew(int sessions) {
    if (renewing) {
      return;
    }
    renewing = true;
    host.vitals(sessions)
        .compose(vitals -> {
          metrics.registryCalled();
          return map.submit(cluster.nodeId(), new Lease.Renew(lease(vitals)));
        })
        .onFailure(cause -> log.debug("The lease was not renewed: {}", cause.getMessage()))
        .onComplete(done -> {
          renewing = false;
          look();
        });
  }

  private Lease lease(Vitals vitals) {
    return new Lease(
        cluster.nodeId(),
        host.address(),
        settings.version(),
        started,
        clock.millis(),
        host.leaving(),
        vitals);
  }

  private void look() {
    if (renewals++ % LOOK == 0) {
      living()
          .onSuccess(leases -> seen = leases)
          .onFailure(cause -> log.debug("Leases could not be read: {}", cause.getMessage()));
    }
  }

  /** Those of the nodes that live, the one that runs longest first. */
  Future<List<Lease>> living() {
    return map.submitAll(cluster.nodes(), new Lease.Look())
        .map(answers -> answers.values().stream()
            .map(Lease.Seen::lease)
            .filter(Objects::nonNull)
            .sorted(Comparator.comparingLong(Lease::started).thenComparing(Lease::node))
            .toList());
  }

  Future<Void> expire(Departed departed) {
    return map.sweep(new Lease.Expire(departed));
  }
}
