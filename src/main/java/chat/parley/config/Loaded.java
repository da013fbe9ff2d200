package chat.parley.config;

import java.util.List;
import java.util.stream.IntStream;

/** A configuration and where each of its values came from. Immutable. */
public final class Loaded {
  private final Config config;
  private final List<Value> values;

  Loaded(Config config, List<Value> values) {
    this.config = config;
    this.values = List.copyOf(values);
  }

  /** What to run with. */
  public Config config() {
    return config;
  }

  /** Key, value and source of each key, a line each; secrets masked. */
  public String table() {
    int keys = width(values.stream().mapToInt(value -> value.key().name().length()));
    int shown = width(values.stream().mapToInt(value -> value.shown().length()));
    var table = new StringBuilder();
    for (var value : values) {
      table
          .append(padded(value.key().name(), keys))
          .append(padded(value.shown(), shown))
          .append(value.source())
          .append('\n');
    }
    return table.toString();
  }

  private static int width(IntStream lengths) {
    return Math.min(lengths.max().orElse(0), 40);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + 2);
  }
}
