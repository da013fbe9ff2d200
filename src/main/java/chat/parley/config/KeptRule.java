package chat.parley.config;

import chat.parley.protocol.RoomName;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the rooms whose names fit a pattern, written {@code team-* 5000 7d}. Immutable.
 *
 * @param pattern as in {@link RoomName#matches}
 * @param size messages at most
 * @param age how old a message may get
 */
public record KeptRule(String pattern, int size, Duration age) {
  static final String FORM = "a pattern, how many messages and their age: team-* 5000 7d";

  private static final int MOST = 1_000_000;
  private static final Pattern RULE = Pattern.compile("\\s*(\\S+)\\s+(\\d{1,7})\\s+(\\S+)\\s*");

  /** Reads one rule; null if it is not of the form. */
  static @Nullable KeptRule parse(String text) {
    var parts = RULE.matcher(text);
    if (!parts.matches() || !RoomName.isPattern(parts.group(1))) {
      return null;
    }
    int size = Integer.parseInt(parts.group(2));
    var age = ValueParser.duration(parts.group(3));
    if (age == null || age.isZero() || size < 1 || size > MOST) {
      return null;
    }
    return new KeptRule(parts.group(1), size, age);
  }

  /** Reads a rule that was checked when the configuration was loaded. */
  static KeptRule checked(String text) {
    var rule = parse(text);
    if (rule == null) {
      throw new IllegalArgumentException(text + " (expected: " + FORM + ")");
    }
    return rule;
  }
}
