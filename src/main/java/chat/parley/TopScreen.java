package chat.parley;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Two tables of what the nodes and the rooms do; how busy a room is comes of two looks. Confined to the thread that calls it. */
final class TopScreen {
  private static final int ROOMS = 20;
  private static final String NODE = "%-14s %-22s %-16s %8s %9s %7s %7s %5s %10s  %s";
  private static final String ROOM = "%-40s %12s %12s";

  private final InstantSource clock;
  private Map<String, Long> heads = Map.of();
  private long lookedAt;

  TopScreen(InstantSource clock) {
    this.clock = clock;
  }

  private record Room(String name, long seq, double rate) {}

  /** What {@code /api/v1/nodes} and {@code /api/v1/rooms} answered, for people. */
  String show(JsonObject nodes, JsonObject rooms) {
    long now = clock.millis();
    var lines = new ArrayList<String>();
    var all = objects(nodes.getJsonArray("nodes"));
    lines.add("%d %s, %,d sessions"
        .formatted(
            all.size(),
            all.size() == 1 ? "node" : "nodes",
            all.stream().mapToLong(node -> node.getLong("sessions")).sum()));
    lines.add("");
    lines.add(NODE.formatted(
        "node", "address", "version", "up", "sessions", "rooms", "lag", "cpu", "queued", ""));
    all.stream()
        .sorted(Comparator.comparing(node -> node.getString("address")))
        .map(node -> node(node, now))
        .forEach(lines::add);
    lines.add("");
    addRooms(lines, rooms, now);
    // The last column may be empty.
    return lines.stream()
        .map(String::stripTrailing)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static String node(JsonObject node, long now) {
    var silent = Duration.ofMillis(now - node.getLong("renewed"));
    var remark = node.getBoolean("leaving")
        ? "leaving"
        : silent.toSeconds() > 5 ? "silent for " + span(silent) : "";
    return NODE.formatted(
        node.getString("node"),
        node.getString("address"),
        node.getString("version"),
        span(Duration.ofMillis(now - node.getLong("started"))),
        "%,d".formatted(node.getLong("sessions")),
        "%,d".formatted(node.getLong("rooms")),
        node.getLong("lag") + " ms",
        "%.0f %%".formatted(100 * Math.max(0, node.getDouble("cpu"))),
        bytes(node.getLong("queued")),
        remark);
  }

  private void addRooms(List<String> lines, JsonObject answer, long now) {
    double seconds = (now - lookedAt) / 1_000.0;
    var next = new HashMap<String, Long>();
    var busy = new ArrayList<Room>();
    for (var room : objects(answer.getJsonArray("rooms"))) {
      long seq = room.getLong("seq");
      var key = room.getString("room") + " " + room.getString("epoch");
      var before = heads.get(key);
      busy.add(
          new Room(room.getString("room"), seq, before == null ? -1 : (seq - before) / seconds));
      next.put(key, seq);
    }
    heads = next;
    lookedAt = now;
    lines.add(ROOM.formatted("room", "messages", "per second"));
    busy.stream()
        .sorted(Comparator.comparingDouble(Room::rate)
            .thenComparingLong(Room::seq)
            .reversed()
            .thenComparing(Room::name))
        .limit(ROOMS)
        .map(room -> ROOM.formatted(
            room.name(),
            "%,d".formatted(room.seq()),
            room.rate() < 0 ? "" : String.format(Locale.ROOT, "%,.1f", room.rate())))
        .forEach(lines::add);
    if (busy.size() > ROOMS || answer.getString("cursor") != null) {
      lines.add("… the busiest of %,d%s"
          .formatted(
              busy.size(),
              answer.getString("cursor") == null ? "" : ", of more that were not looked at"));
    }
  }

  private static String span(Duration time) {
    return Stream.of(
            time.toDays() + "d " + time.toHoursPart() + "h",
            time.toHours() + "h " + time.toMinutesPart() + "m",
            time.toMinutes() + "m " + time.toSecondsPart() + "s")
        .filter(shown -> !shown.startsWith("0"))
        .findFirst()
        .orElse(time.toSeconds() + "s");
  }

  private static String bytes(long count) {
    return count < 10_000
        ? count + " B"
        : count < 10_000_000 ? count / 1_000 + " kB" : count / 1_000_000 + " MB";
  }
}
