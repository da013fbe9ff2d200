package chat.parley.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.util.Arrays;

/**
 * How values spread: a histogram with fixed bounds. Recording searches among some twenty bounds and adds to two cells of a {@link Tally}; nothing is
 * allocated. Thread-safe: as the tally is.
 */
final class Spread {
  private final String name;
  private final String help;
  private final double unit;
  private final long[] bounds;
  private final Tally cells;

  private Spread(String name, String help, double unit, long... bounds) {
    this.name = name;
    this.help = help;
    this.unit = unit;
    this.bounds = bounds;
    this.cells = new Tally(bounds.length + 2);
  }

  /** Of durations: recorded in nanoseconds, shown in seconds, from 0.1 ms to 10 s. */
  static Spread ofSeconds(String name, String help) {
    long[] micros = {
      100,
      250,
      500,
      1_000,
      2_500,
      5_000,
      10_000,
      25_000,
      50_000,
      100_000,
      250_000,
      500_000,
      1_000_000,
      2_500_000,
      5_000_000,
      10_000_000
    };
    return new Spread(
        name, help, 1e-9, Arrays.stream(micros).map(each -> each * 1_000).toArray());
  }

  /** Of counts, up to 10,000. */
  static Spread ofCounts(String name, String help) {
    return new Spread(
        name, help, 1, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000);
  }

  String name() {
    return name;
  }

  void record(long value) {
    record(value, 1);
  }

  /** The same value several times. */
  void record(long value, int times) {
    int found = Arrays.binarySearch(bounds, value);
    cells.add(found >= 0 ? found : -found - 1, times);
    cells.add(bounds.length + 1, value * times);
  }

  /** As Prometheus wants it. */
  HistogramSnapshot snapshot() {
    var upper = new double[bounds.length + 1];
    var counts = new long[bounds.length + 1];
    for (int i = 0; i <= bounds.length; i++) {
      upper[i] = i < bounds.length ? bounds[i] * unit : Double.POSITIVE_INFINITY;
      counts[i] = cells.sum(i);
    }
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(
                Arrays.stream(upper).boxed().toList(),
                Arrays.stream(counts).boxed().toList()))
            .sum(cells.sum(bounds.length + 1) * unit)
            .build())
        .build();
  }
}
