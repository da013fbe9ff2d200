package chat.parley;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What an operator sees. */
class TopScreenTest {
  private static final long NOW = 1_795_581_515_000L;

  private final AtomicLong clock = new AtomicLong(NOW);
  private final TopScreen screen = new TopScreen(() -> Instant.ofEpochMilli(clock.get()));

  private static JsonObject node(String id, long up, long silent, boolean leaving) {
    return JsonObject.of("node", id, "address", id + ":8080", "version", "0.1.0")
        .put("started", NOW - up)
        .put("renewed", NOW - silent)
        .put("leaving", leaving)
        .put("sessions", 1_234)
        .put("rooms", 7)
        .put("lag", 3)
        .put("cpu", 0.256)
        .put("queued", 123_456);
  }

  private static JsonObject nodes(JsonObject... nodes) {
    return JsonObject.of("nodes", new JsonArray(List.of(nodes)));
  }

  private static JsonObject rooms(Map<String, Integer> heads) {
    var rooms = new JsonArray();
    heads.forEach((room, seq) -> rooms.add(JsonObject.of("room", room, "epoch", "e1", "seq", seq)));
    return JsonObject.of("rooms", rooms);
  }

  private static List<String> lines(String shown) {
    return shown.lines().map(line -> line.replaceAll(" +", " ")).toList();
  }

  @Test
  void nodes_are_told_with_their_figures_and_what_is_odd_about_them() {
    var shown = screen.show(
        nodes(
            node("b", 90_000, 900, true),
            node("a", 3 * 3_600_000L + 12 * 60_000, 800, false),
            node("c", 40_000, 65_000, false)),
        rooms(Map.of()));

    assertThat(lines(shown))
        .startsWith(
            "3 nodes, 3,702 sessions",
            "",
            "node address version up sessions rooms lag cpu queued",
            "a a:8080 0.1.0 3h 12m 1,234 7 3 ms 26 % 123 kB",
            "b b:8080 0.1.0 1m 30s 1,234 7 3 ms 26 % 123 kB leaving",
            "c c:8080 0.1.0 40s 1,234 7 3 ms 26 % 123 kB silent for 1m 5s");
  }

  @Test
  void rooms_are_told_by_their_rate_once_there_is_one() {
    var first = screen.show(nodes(), rooms(Map.of("quiet", 900, "loud", 10)));
    assertThat(lines(first)).endsWith("room messages per second", "quiet 900", "loud 10");

    clock.addAndGet(2_000);
    var second = screen.show(nodes(), rooms(Map.of("quiet", 900, "loud", 35, "new", 1)));

    assertThat(lines(second)).endsWith("loud 35 12.5", "quiet 900 0.0", "new 1");
  }

  @Test
  void of_many_rooms_the_busiest_are_told() {
    var many = new HashMap<String, Integer>();
    for (int i = 0; i < 50; i++) {
      many.put("room" + i, i);
    }
    var shown = lines(screen.show(nodes(), rooms(many).put("cursor", "x")));

    assertThat(shown)
        .contains("room49 49", "room30 30")
        .doesNotContain("room29 29")
        .endsWith("… the busiest of 50, of more that were not looked at");
  }
}
