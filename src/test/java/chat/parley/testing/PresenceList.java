package chat.parley.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who is in one room, kept as PROTOCOL.md tells a client to ("Presence as it changes"). Thread-safe: its own monitor.
 */
public final class PresenceList {
  private final Map<String, String> users = new TreeMap<>();
  private final List<JsonObject> meanwhile = new ArrayList<>();
  private final List<JsonObject> pushes = new ArrayList<>();
  private long version = -1;
  private long count;
  private boolean current;
  private boolean asking;
  private int holes;

  /** Joined, perhaps anew: what was known before no longer counts. Whoever keeps the list now asks. */
  public void joined() {
    synchronized (users) {
      users.clear();
      meanwhile.clear();
      version = -1;
      current = false;
      asking = true;
    }
  }

  /** A frame nobody asked for. @return whether to ask now */
  public boolean pushed(JsonObject frame) {
    synchronized (users) {
      pushes.add(frame);
      if (asking) {
        meanwhile.add(frame);
        return false;
      }
      asking = apply(frame);
      return asking;
    }
  }

  /** The answer with all users. @return whether to ask once more */
  public boolean answered(JsonObject frame) {
    synchronized (users) {
      users.clear();
      frame.getJsonArray("users").stream()
          .map(JsonObject.class::cast)
          .forEach(user -> users.put(user.getString("user"), state(user)));
      version = frame.getLong("version");
      count = frame.getLong("count");
      current = true;
      asking = false;
      boolean ask = false;
      for (var push : List.copyOf(meanwhile)) {
        ask |= apply(push);
      }
      meanwhile.clear();
      asking = ask;
      return ask;
    }
  }

  private boolean apply(JsonObject push) {
    long next = push.getLong("version");
    if (next <= version) {
      return false;
    }
    boolean hole = next != version + 1;
    holes += hole ? 1 : 0;
    version = next;
    count = push.getLong("count");
    if (!push.containsKey("joined") && !push.containsKey("left") && !push.containsKey("changed")) {
      current = false;
      return false;
    }
    if (hole || !current) {
      return true;
    }
    entries(push, "joined").forEach(user -> users.put(user.getString("user"), state(user)));
    entries(push, "left").forEach(user -> users.remove(user.getString("user")));
    entries(push, "changed").forEach(user -> users.put(user.getString("user"), state(user)));
    return false;
  }

  private static List<JsonObject> entries(JsonObject push, String list) {
    return push.getJsonArray(list, new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private static String state(JsonObject user) {
    return user.getString("state", "online");
  }

  /** Users and their state, as this client shows them. */
  public Map<String, String> users() {
    synchronized (users) {
      return new TreeMap<>(users);
    }
  }

  /** How many users there are. */
  public long count() {
    synchronized (users) {
      return count;
    }
  }

  /** All that was pushed. */
  public List<JsonObject> pushes() {
    synchronized (users) {
      return List.copyOf(pushes);
    }
  }

  /** How often a version was missing. */
  public int holes() {
    synchronized (users) {
      return holes;
    }
  }
}
