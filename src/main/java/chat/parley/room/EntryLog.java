package chat.parley.room;

import java.util.ArrayList;
import java.util.List;

/**
 * The kept end of a room's log: entries with consecutive positions in a ring that grows and shrinks with them. Confined to the
 * thread that owns the room's state.
 */
final class EntryLog {
  private static final LogEntry[] NONE = {};

  private LogEntry[] slots = NONE;
  private int start;
  private int size;

  int size() {
    return size;
  }

  /** The entry at index i, the oldest being 0. */
  LogEntry get(int i) {
    return slots[(start + i) & (slots.length - 1)];
  }

  void add(LogEntry entry) {
    if (size == slots.length) {
      resize(Math.max(4, size * 2));
    }
    slots[(start + size++) & (slots.length - 1)] = entry;
  }

  @SuppressWarnings("NullAway") // a freed slot must not keep its message alive
  void removeFirst() {
    slots[start] = null;
    start = (start + 1) & (slots.length - 1);
    size--;
    if (size == 0) {
      slots = NONE;
      start = 0;
    }
  }

  /** The entries from index {@code from} on, at most {@code limit} and at most about {@code bytes}, but one at least. */
  List<LogEntry> from(int from, int limit, int bytes) {
    var found = new ArrayList<LogEntry>(Math.min(limit, Math.max(0, size - from)));
    long weight = 0;
    for (int i = from; i < size && found.size() < limit; i++) {
      weight += get(i).weight();
      if (weight > bytes && !found.isEmpty()) {
        break;
      }
      found.add(get(i));
    }
    return found;
  }

  private void resize(int capacity) {
    var grown = new LogEntry[capacity];
    for (int i = 0; i < size; i++) {
      grown[i] = get(i);
    }
    slots = grown;
    start = 0;
  }
}
