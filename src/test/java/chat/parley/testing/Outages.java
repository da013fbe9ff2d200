package chat.parley.testing;

import chat.parley.testing.Entry.Connected;
import chat.parley.testing.Entry.Ended;
import chat.parley.testing.Entry.Joined;
import chat.parley.testing.Entry.Left;
import chat.parley.testing.Entry.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long a client was cut off each time: from the end of its connection until it was back in all of its rooms and had
 * caught up with the head it was told there. Pure.
 */
public final class Outages {
  private final Map<String, Long> reached = new HashMap<>();
  private final Map<String, Long> missing = new HashMap<>();
  private final Set<String> rooms = new HashSet<>();
  private final List<Outage> outages = new ArrayList<>();
  private long since = -1;
  private long welcomed;
  private long joined;
  private boolean cut;

  private Outages() {}

  /** The outages in order; one that lasts to the journal's end is not counted. */
  public static List<Outage> of(Journal journal) {
    var outages = new Outages();
    journal.entries().forEach(outages::read);
    return List.copyOf(outages.outages);
  }

  private void read(Entry entry) {
    switch (entry) {
      case Ended ended -> begin(ended);
      case Connected connected -> welcomed = connected.at();
      case Joined joined -> joined(joined);
      case Received message -> received(message);
      case Left left -> rooms.remove(left.room());
      default -> {}
    }
    if (cut && missing.isEmpty()) {
      cut = false;
      outages.add(new Outage(since, welcomed, joined, entry.at()));
    }
  }

  private void begin(Ended ended) {
    since = cut ? since : ended.at();
    cut = !rooms.isEmpty();
    rooms.forEach(room -> missing.put(room, Long.MAX_VALUE));
  }

  private void joined(Joined joined) {
    rooms.add(joined.room());
    this.joined = joined.at();
    if (joined.recovered() && joined.seq() > reached.getOrDefault(joined.room(), 0L)) {
      missing.put(joined.room(), joined.seq());
    } else {
      missing.remove(joined.room());
    }
  }

  private void received(Received message) {
    reached.put(message.room(), message.seq());
    var head = missing.get(message.room());
    if (head != null && message.seq() >= head) {
      missing.remove(message.room());
    }
  }
}
