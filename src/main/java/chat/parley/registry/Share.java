package chat.parley.registry;

import chat.parley.cluster.SharedMap;
import chat.parley.registry.Tell.Closed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's sessions in one share, and what the cluster has yet to hear of them. One call is in flight; what happens meanwhile goes with the next, so a
 * storm of connections costs few calls. After a call that failed, or whose answer is doubtful, the next one tells everything. Confined to the
 * registry's event loop.
 */
final class Share {
  private static final Logger log = LoggerFactory.getLogger(Share.class);

  /** News in one call. */
  private static final int CHUNK = 1_000;

  /** What the shares of a node have in common. */
  record Common(
      String node,
      SharedMap<Shard> map,
      InstantSource clock,
      Supplier<List<String>> gone,
      Runnable called) {}

  /** A session that the cluster has yet to hear of, and who waits for that. */
  private record Opening(Connection connection, Promise<Integer> counted) {}

  private final Common common;
  private final String key;
  private final Map<String, Connection> here = new HashMap<>();
  private final Map<String, Opening> opening = new LinkedHashMap<>();
  private final List<Closed> closed = new ArrayList<>();
  private boolean whole;
  private boolean flying;
  private long number;

  Share(Common common, int shard) {
    this.common = common;
    this.key = Shard.key(shard);
  }

  /** Takes a session in; answers how many its user has in the cluster, once the cluster knows of it. */
  Future<Integer> open(Connection connection) {
    Promise<Integer> counted = Promise.promise();
    here.put(connection.id(), connection);
    opening.put(connection.id(), new Opening(connection, counted));
    flush();
    return counted.future();
  }

  void close(Connection connection) {
    if (here.remove(connection.id()) == null) {
      return;
    }
    var untold = opening.remove(connection.id());
    if (untold == null) {
      closed.add(new Closed(connection.user(), connection.id()));
      flush();
    } else {
      untold.counted().complete(0);
    }
  }

  /** Tells everything anew, if there is anything: what the cluster lost is there again, and what it knows is fresh. */
  void refresh() {
    whole |= !here.isEmpty();
    flush();
  }

  Collection<Connection> connections() {
    return here.values();
  }

  int size() {
    return here.size();
  }

  /** Tells what there is to tell, unless a call is under way. */
  void flush() {
    if (flying || (!whole && opening.isEmpty() && closed.isEmpty())) {
      return;
    }
    flying = true;
    common.called().run();
    var waiting = opening.values().stream().limit(CHUNK).toList();
    waiting.forEach(one -> opening.remove(one.connection().id()));
    common.map().submit(key, whole ? everything(waiting) : news(waiting)).onComplete(answer -> {
      flying = false;
      if (answer.succeeded()) {
        counted(waiting, answer.result());
        flush();
      } else {
        log.debug("Sessions have to be told of again: {}", answer.cause().getMessage());
        // With the next event or second: who calls again at once only adds to the trouble.
        whole = true;
        waiting.forEach(one -> one.counted().fail(answer.cause()));
      }
    });
  }

  private static void counted(List<Opening> waiting, Tell.Counts counts) {
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).counted().complete(counts.counts()[i]);
    }
  }

  private Tell news(List<Opening> waiting) {
    var ended = List.copyOf(closed);
    closed.clear();
    return tell(false, waiting.stream().map(this::info).toList(), ended);
  }

  private Tell everything(List<Opening> waiting) {
    whole = false;
    closed.clear();
    var opened = new ArrayList<>(waiting.stream().map(this::info).toList());
    here.values().forEach(one -> opened.add(SessionInfo.of(one, common.node())));
    return tell(true, opened, List.of());
  }

  private SessionInfo info(Opening one) {
    return SessionInfo.of(one.connection(), common.node());
  }

  private Tell tell(boolean all, List<SessionInfo> opened, List<Closed> ended) {
    return new Tell(
        common.node(),
        ++number,
        common.clock().millis(),
        all,
        opened,
        ended,
        common.gone().get());
  }
}
