package chat.parley.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a node does that nobody told who may come in: it admits guests, and is safe to do so because only this machine reaches
 * it. Pure.
 */
final class Demo {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);
  private static final String HOST = "http.host";
  private static final String GUESTS = "auth.guests";

  private Demo() {}

  /** Whether these values make a demo: nothing said of who may come in, and no address that others could reach. */
  static boolean isOne(Map<String, Value> values) {
    return !isSet(values, "auth.secret")
        && !isSet(values, GUESTS)
        && (!isSet(values, HOST) || isLoopback(values));
  }

  /** Sets what a demo sets. */
  static void apply(Map<String, Value> values) {
    values.computeIfPresent(GUESTS, (name, value) -> new Value(value.key(), true, Value.DEMO));
    values.computeIfPresent(
        HOST,
        (name, value) -> value.isSet() ? value : new Value(value.key(), "127.0.0.1", Value.DEMO));
  }

  private static boolean isSet(Map<String, Value> values, String key) {
    var value = values.get(key);
    return value != null && value.isSet();
  }

  private static boolean isLoopback(Map<String, Value> values) {
    var host = values.get(HOST);
    return host != null && LOOPBACK.matcher(String.valueOf(host.value())).matches();
  }
}
