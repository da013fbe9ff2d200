package chat.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus gets to read. */
class MetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Metrics metrics = new Metrics(registry);

  @BeforeEach
  void register() {
    registry.getPrometheusRegistry().register(metrics.collector());
  }

  private void assertShows(String... lines) {
    assertThat(registry.scrape().lines()).contains(lines);
  }

  @Test
  void threads_count_together_also_those_that_have_ended() throws InterruptedException {
    var threads = IntStream.range(0, 4)
        .mapToObj(i ->
            new Thread(() -> IntStream.range(0, 1_000).forEach(n -> metrics.delivered(2, 3))))
        .toList();
    threads.forEach(Thread::start);
    for (var thread : threads) {
      thread.join();
    }
    metrics.delivered(1, 1);

    assertShows(
        "parley_frames_delivered_total 24001.0",
        "parley_fanout_members_bucket{le=\"1.0\"} 1",
        "parley_fanout_members_bucket{le=\"2.0\"} 1",
        "parley_fanout_members_bucket{le=\"5.0\"} 8001",
        "parley_fanout_members_count 8001",
        "parley_fanout_members_sum 24001.0");
  }

  @Test
  void a_duration_falls_into_the_bucket_that_holds_it() {
    metrics.acked(Duration.ofNanos(1));
    metrics.acked(Duration.ofMillis(1));
    metrics.acked(Duration.ofNanos(1_000_001));
    metrics.acked(Duration.ofMinutes(1));

    assertShows(
        "parley_ack_seconds_bucket{le=\"1.0E-4\"} 1",
        "parley_ack_seconds_bucket{le=\"0.001\"} 2",
        "parley_ack_seconds_bucket{le=\"0.0025\"} 3",
        "parley_ack_seconds_bucket{le=\"10.0\"} 3",
        "parley_ack_seconds_bucket{le=\"+Inf\"} 4",
        "parley_ack_seconds_count 4");
  }

  @Test
  void a_clock_that_is_ahead_makes_no_negative_time() {
    metrics.deliveredAfter(Duration.ofMillis(-5));

    assertShows("parley_delivery_seconds_sum 0.0", "parley_delivery_seconds_count 1");
  }

  @Test
  void what_waits_is_shown_for_each_node_until_it_leaves() {
    metrics.busQueued("ann", 100);
    metrics.busQueued("bob", 50);
    metrics.busQueued("ann", -30);
    assertShows(
        "parley_bus_peer_queued_bytes{peer=\"ann\"} 70.0",
        "parley_bus_peer_queued_bytes{peer=\"bob\"} 50.0",
        "parley_bus_queued_bytes 120.0");

    metrics.busQueued("ann", -70);
    metrics.peerGone("ann");

    assertThat(registry.scrape()).doesNotContain("peer=\"ann\"").contains("peer=\"bob\"");
  }

  @Test
  void labels_do_not_grow_without_a_bound() {
    IntStream.range(0, 1_000).forEach(i -> metrics.busQueued("node" + i, 1));

    assertThat(registry.scrape().lines().filter(line -> line.startsWith(Peers.NAME)))
        .hasSize(65)
        .contains("parley_bus_peer_queued_bytes{peer=\"others\"} 936.0");
  }

  @Test
  void who_comes_back_is_told_apart_from_who_comes_and_who_has_a_gap() {
    metrics.joined(false, false);
    metrics.joined(true, true);
    metrics.joined(true, true);
    metrics.joined(true, false);

    assertShows(
        "parley_joins_total 4.0", "parley_joins_resumed_total 2.0", "parley_gaps_total 1.0");
  }
}
