package chat.parley.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration can't be used; says all that is wrong with it at once. Stackless. Immutable. */
public final class ConfigException extends RuntimeException {
  private final List<Problem> problems;

  ConfigException(List<Problem> problems) {
    super(
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
  }

  /** At least one. */
  public List<Problem> problems() {
    return problems;
  }
}
