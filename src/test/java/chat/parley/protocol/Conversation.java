package chat.parley.protocol;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An example of the document that can be played: what the client sends, and what it gets for it. Play it as a user of its
 * own on a fresh connection, turn by turn; the answers of one turn may come in any order. Immutable.
 */
public record Conversation(String title, List<Turn> turns) {
  private static final Pattern NAME = Pattern.compile("\"(\\$\\w+)\"");

  /** What is sent (null: nothing, the server begins) and the frames that answer it. */
  public record Turn(@Nullable String sent, List<JsonObject> answers) {
    /** What to send, with the values known by now in place of their {@code "$name"}; only where something is sent. */
    public String filled(Map<String, Object> known) {
      Matcher names = NAME.matcher(Objects.requireNonNull(sent));
      return names.replaceAll(name ->
          Matcher.quoteReplacement(encoded(Objects.requireNonNull(known.get(name.group(1))))));
    }

    private static String encoded(Object value) {
      return value instanceof String text ? JsonWriter.quote(text) : value.toString();
    }
  }

  @Override
  public String toString() {
    return title;
  }

  /**
   * Whether a frame is the expected one: every expected field is there with that value, {@code "…"} being any value and {@code
   * "$name"} one that is learnt into {@code known} or is the same as before. Further fields don't matter, as to any client.
   */
  public static boolean matches(
      @Nullable Object expected, @Nullable Object actual, Map<String, Object> known) {
    if (expected instanceof String text && text.equals("…")) {
      return actual != null;
    }
    if (expected instanceof String text && text.startsWith("$")) {
      Object before = actual == null ? null : known.putIfAbsent(text, actual);
      return actual != null && (before == null || isSame(before, actual));
    }
    if (expected instanceof JsonObject object) {
      return actual instanceof JsonObject other
          && object.stream()
              .allMatch(e -> matches(e.getValue(), other.getValue(e.getKey()), known));
    }
    if (expected instanceof JsonArray array) {
      return actual instanceof JsonArray other && matches(array, other, known);
    }
    return isSame(expected, actual);
  }

  private static boolean matches(JsonArray expected, JsonArray actual, Map<String, Object> known) {
    if (expected.size() != actual.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!matches(expected.getValue(i), actual.getValue(i), known)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(@Nullable Object one, @Nullable Object other) {
    return (one instanceof Number a && other instanceof Number b)
        ? a.doubleValue() == b.doubleValue()
        : Objects.equals(one, other);
  }
}
