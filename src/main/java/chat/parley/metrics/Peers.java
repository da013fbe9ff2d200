package chat.parley.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What waits for each other node. A node that has left is no longer shown, so there are no more labels than nodes; over a bound they share one. Thread-safe:
 * concurrent map and adders.
 */
final class Peers {
  static final String NAME = "parley_bus_peer_queued_bytes";
  private static final int MOST = 64;
  private static final String REST = "others";

  private final Map<String, LongAdder> bytes = new ConcurrentHashMap<>();

  void queued(String node, int more) {
    var known = bytes.get(node);
    if (known == null) {
      known = bytes.computeIfAbsent(bytes.size() < MOST ? node : REST, first -> new LongAdder());
    }
    known.add(more);
  }

  void gone(String node) {
    bytes.remove(node);
  }

  GaugeSnapshot snapshot() {
    var shown = GaugeSnapshot.builder()
        .name(NAME)
        .help("What waits for one other node or is not yet confirmed by it");
    bytes.forEach((node, queued) -> shown.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
        .labels(Labels.of("peer", node))
        .value((double) queued.sum())
        .build()));
    return shown.build();
  }
}
