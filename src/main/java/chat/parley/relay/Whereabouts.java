package chat.parley.relay;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which node has which SockJS session: a claim in the cluster for each, made by the request that begins it and given up when it
 * has ended. Thread-safe: the cluster's map, and concurrent copies of what it told.
 */
final class Whereabouts {
  private static final Logger log = LoggerFactory.getLogger(Whereabouts.class);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(60);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int REMEMBERED = 10_000;

  private final Cluster cluster;
  private final SharedMap<Owner> claims;
  private final InstantSource clock;
  private final Map<String, Owner> elsewhere = new ConcurrentHashMap<>();

  Whereabouts(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.claims = cluster.map(Relay.MAP);
    this.clock = clock;
  }

  void start(Vertx vertx) {
    cluster.onChange(
        change -> elsewhere.values().removeIf(owner -> change.left().contains(owner.node())));
    vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> keepHouse());
  }

  /** Who has the session: {@code by}, if nobody had it. */
  Future<Owner> claim(String session, Owner by) {
    var known = elsewhere.get(session);
    return known != null
        ? Future.succeededFuture(known)
        : claims.submit(session, new Claim(by)).map(owner -> learnt(session, owner));
  }

  /** Who has the session, perhaps nobody. */
  Future<Owner> find(String session) {
    var known = elsewhere.get(session);
    return known != null
        ? Future.succeededFuture(known)
        : claims.submit(session, new Find()).map(owner -> learnt(session, owner));
  }

  /** The owner says that it hasn't the session, or does not answer: what is remembered is old. */
  void doubt(String session) {
    elsewhere.remove(session);
  }

  /** This node has the session no more. Housekeeping would not find the claim while the node lives, so this is repeated until it is done. */
  void release(Vertx vertx, String session) {
    claims.submit(session, new Release(cluster.nodeId())).onFailure(cause -> {
      log.debug("A SockJS session can't be given up now: {}", cause.getMessage());
      vertx.setTimer(AGAIN.toMillis(), timer -> release(vertx, session));
    });
  }

  private Owner learnt(String session, Owner owner) {
    if (!owner.isNobody() && !cluster.nodeId().equals(owner.node())) {
      if (elsewhere.size() >= REMEMBERED) {
        elsewhere.clear(); // whoever is asked for again is found again
      }
      elsewhere.put(session, owner);
    }
    return owner;
  }

  private void keepHouse() {
    if (cluster.keepsHouse()) {
      long before = clock.millis() - HOUSEKEEPING.toMillis();
      claims
          .sweep(new Forget(cluster.nodes(), before))
          .onFailure(cause -> log.debug("Housekeeping has to wait: {}", cause.getMessage()));
    }
  }
}
