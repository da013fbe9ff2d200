package chat.parley.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How long things took. Immutable. */
record Figures(List<Duration> sorted) {
  static Figures of(Stream<Duration> times) {
    return new Figures(times.sorted().toList());
  }

  Duration median() {
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
  }

  /** Of a hundred, so many took no longer. */
  Duration percentile(int percent) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  Duration longest() {
    return sorted.isEmpty() ? Duration.ZERO : sorted.getLast();
  }

  @Override
  public String toString() {
    return "%,d, median %,d ms, longest %,d ms"
        .formatted(sorted.size(), median().toMillis(), longest().toMillis());
  }
}
