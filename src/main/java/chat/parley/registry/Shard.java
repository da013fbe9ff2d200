package chat.parley.registry;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions of one share of all users, on all nodes. Each node changes only what is its own, one call after the other, and numbers its
 * calls: what comes late or twice is known by its number. Changed in place. Confined to the thread that owns it.
 */
public final class Shard implements Mergeable<Shard> {
  private static final int BITS = 6;

  /** How many shares there are: part of the format between nodes. */
  static final int COUNT = 1 << BITS;

  static final int FORM = 1;

  /** What a node told last. {@code at} in ms since 1970, by its own clock. */
  record Told(long number, long at) {}

  private final Map<String, Told> nodes = new HashMap<>();
  private final Map<String, List<SessionInfo>> users = new HashMap<>();

  /** Which share a user belongs to. */
  static int of(String user) {
    // Mixed, since names that differ in their last characters alone have hashes close by.
    return (user.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - BITS);
  }

  /** The share's key in the map. */
  static String key(int shard) {
    return "s" + shard;
  }

  /** Whether the node has not told this, or anything later, already. */
  boolean isNews(String node, long number) {
    var before = nodes.get(node);
    return before == null || number > before.number();
  }

  void told(String node, long number, long at) {
    nodes.put(node.intern(), new Told(number, at));
  }

  void put(SessionInfo session) {
    var theirs = users.computeIfAbsent(session.user(), user -> new ArrayList<>(1));
    theirs.removeIf(other -> other.session().equals(session.session()));
    theirs.add(session);
  }

  void remove(String user, String session) {
    users.computeIfPresent(user, (same, theirs) -> {
      theirs.removeIf(one -> one.session().equals(session));
      return theirs.isEmpty() ? null : theirs;
    });
  }

  /** Forgets the node's sessions, but not how far it has told. */
  void clear(String node) {
    users.values().removeIf(theirs -> {
      theirs.removeIf(one -> one.node().equals(node));
      return theirs.isEmpty();
    });
  }

  /** Forgets the node. @return whether anything was known of it */
  boolean forget(String node) {
    clear(node);
    return nodes.remove(node) != null;
  }

  /** The nodes that have told anything. */
  Map<String, Told> nodes() {
    return Map.copyOf(nodes);
  }

  List<SessionInfo> of(String user, Collection<String> gone) {
    return users.getOrDefault(user, List.of()).stream()
        .filter(one -> !gone.contains(one.node()))
        .toList();
  }

  /** How many sessions that user has on nodes that are not gone. */
  int count(String user, Collection<String> gone) {
    int count = 0;
    for (var one : users.getOrDefault(user, List.of())) {
      count += gone.contains(one.node()) ? 0 : 1;
    }
    return count;
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** Of each node, what it told last: on whichever side that was. */
  @Override
  public Shard merge(Shard other) {
    other.nodes.forEach((node, told) -> {
      if (isNews(node, told.number())) {
        clear(node);
        nodes.put(node, told);
        other
            .users
            .values()
            .forEach(theirs ->
                theirs.stream().filter(one -> one.node().equals(node)).forEach(this::put));
      }
    });
    return this;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    Forms.writeAll(out, nodes.entrySet(), (entry, to) -> {
      to.writeUTF(entry.getKey());
      to.writeLong(entry.getValue().number());
      to.writeLong(entry.getValue().at());
    });
    Forms.writeAll(out, users.values().stream().flatMap(List::stream).toList(), SessionInfo::write);
  }

  static Shard read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a share of the sessions");
    var shard = new Shard();
    for (int n = in.readInt(); n > 0; n--) {
      shard.told(in.readUTF(), in.readLong(), in.readLong());
    }
    Forms.readAll(in, SessionInfo::read).forEach(shard::put);
    return shard;
  }
}
