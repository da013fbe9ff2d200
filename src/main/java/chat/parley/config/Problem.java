package chat.parley.config;

/**
 * One thing that is wrong with the configuration. Immutable.
 *
 * @param key the key, or the variable's name where it stands for none
 * @param wrong what is wrong, without a secret's value
 * @param right what would be right
 */
public record Problem(String key, String wrong, String right) {
  /** {@code limits.rate: -1 in PARLEY_LIMITS_RATE (expected: 0–1,000,000 messages per second; 0 = unlimited)}. */
  @Override
  public String toString() {
    return key + ": " + wrong + " (" + right + ")";
  }

  static Problem expected(String key, String wrong, String expected) {
    return new Problem(key, wrong, "expected: " + expected);
  }
}
