package chat.parley.testing;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the {@link Checker} found, and how much there was to find it in: a test that judged nothing proves nothing. Immutable.
 *
 * @param sent publishes sent, repeats included
 * @param acked messages acked
 * @param received messages received, by all clients together
 * @param judged how often a message was owed to a member, so that its absence would have shown
 * @param resumed how often a membership went on over a broken connection
 * @param renumbered how often a membership went on into a new numbering
 * @param gaps how often the server could not resume a membership
 */
public record Verdict(
    List<Violation> violations,
    long sent,
    long acked,
    long received,
    long judged,
    long resumed,
    long renumbered,
    long gaps) {
  private static final int SHOWN = 20;

  public Verdict {
    violations = List.copyOf(violations);
  }

  /**
   * Nothing is wrong.
   *
   * @throws AssertionError that counts and shows what is
   */
  public Verdict assertClean() {
    if (!violations.isEmpty()) {
      var kinds = violations.stream()
          .collect(Collectors.groupingBy(Violation::kind, Collectors.counting()));
      throw new AssertionError(kinds
          + violations.stream().limit(SHOWN).map(v -> "\n  " + v).collect(Collectors.joining())
          + (violations.size() > SHOWN ? "\n  …" : ""));
    }
    return this;
  }

  /** The figures in one line. */
  public String figures() {
    return "sent %,d, acked %,d, received %,d, judged %,d, resumed %,d, renumbered %,d, gaps %,d, violations %,d"
        .formatted(sent, acked, received, judged, resumed, renumbered, gaps, violations.size());
  }
}
