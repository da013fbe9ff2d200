package chat.parley.room;

import chat.parley.cluster.SharedMap;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of all rooms, in no order that means anything but one that stays. One part of the map is read after the other until the page is full, so what a page costs
 * is bounded by its length, the number of parts and the rooms of one part. Confined to the call that made it.
 */
public final class Listing {
  /** One room; {@code seq} is its newest message's position. */
  public record Room(String room, String epoch, long seq) {}

  /** Some rooms, and what to ask for next; null: that was all. */
  public record Page(List<Room> rooms, @Nullable String cursor) {}

  private final SharedMap<RoomState> map;
  private final int limit;
  private final List<Room> found = new ArrayList<>();
  private int part;
  private String after = "";

  private Listing(SharedMap<RoomState> map, int limit) {
    this.map = map;
    this.limit = limit;
  }

  static Future<Page> read(SharedMap<RoomState> map, @Nullable String cursor, int limit) {
    var listing = new Listing(map, limit);
    if (cursor != null) {
      listing.start(cursor);
    }
    return listing.more();
  }

  private void start(String cursor) {
    int slash = cursor.indexOf('/');
    try {
      part = Integer.parseInt(cursor, 0, Math.max(0, slash), 10);
    } catch (NumberFormatException e) {
      part = -1;
    }
    if (part < 0 || part >= map.parts()) {
      throw new IllegalArgumentException("\"cursor\" is none that this cluster gave");
    }
    after = cursor.substring(slash + 1);
  }

  private Future<Page> more() {
    return map.submitPart(part, new Look()).compose(heads -> {
      heads.entrySet().stream()
          .filter(head -> head.getKey().compareTo(after) > 0)
          .map(head ->
              new Room(head.getKey(), head.getValue().epoch(), head.getValue().seq()))
          .sorted(Comparator.comparing(Room::room))
          .limit(limit - found.size())
          .forEach(found::add);
      if (found.size() == limit) {
        return Future.succeededFuture(
            new Page(found, part + "/" + found.getLast().room()));
      }
      part++;
      after = "";
      return part < map.parts() ? more() : Future.succeededFuture(new Page(found, null));
    });
  }
}
