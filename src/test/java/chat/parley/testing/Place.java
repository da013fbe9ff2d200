package chat.parley.testing;

import java.util.List;

/**
 * Where a process runs: the address it listens on, and the command that leads it there (empty: this machine). Immutable.
 */
public record Place(String host, List<String> prefix) {
  /** This machine's loopback. */
  public static final Place LOOPBACK = new Place("127.0.0.1", List.of());

  public Place {
    prefix = List.copyOf(prefix);
  }
}
