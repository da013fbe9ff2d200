package chat.parley.room;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Wire;
import chat.parley.protocol.Position;
import chat.parley.room.LogEntry.Draft;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room as the cluster keeps it: the kept end of its log, the ids it remembers, and the nodes that listen. Everything it does is decided
 * by its arguments, so that owner and backups, running the same operations, stay alike. Changed in place. Confined to the thread that
 * owns it.
 */
public final class RoomState implements Mergeable<RoomState> {
  static final int FORM = 1;
  private static final String[] NOBODY = {};
  private static final int KEPT_FORKS = 4;

  /** Up to {@code upTo} the numbering {@code epoch}, now past, agrees with the present one. */
  record Fork(String epoch, long upTo) {}

  /** Where and when a message was accepted. */
  record Accepted(long seq, long time) {}

  private String epoch;
  private long head;
  private long time;
  private final EntryLog log = new EntryLog();
  /** Null while empty, since most rooms are idle. */
  private @Nullable IdMemory ids;

  /** Of the ids' hash; the room's for good. */
  private final long seed;

  private String[] audience = NOBODY;
  private List<Fork> forks = List.of();

  RoomState(String epoch) {
    this(epoch, Epochs.number(epoch));
  }

  private RoomState(String epoch, long seed) {
    this.epoch = epoch;
    this.seed = seed;
  }

  String epoch() {
    return epoch;
  }

  /** The position of the newest message, kept or not; 0 before the first. */
  long head() {
    return head;
  }

  /** When the newest message was accepted. */
  long time() {
    return time;
  }

  /** The position of the oldest kept message; head + 1 if none is kept. */
  long first() {
    return head - log.size() + 1;
  }

  /** Incarnations of the nodes that want to hear of each message. Not to be changed. */
  String[] audience() {
    return audience;
  }

  boolean hears(String node) {
    return Arrays.asList(audience).contains(node);
  }

  boolean hear(String node) {
    if (hears(node)) {
      return false;
    }
    audience = Arrays.copyOf(audience, audience.length + 1);
    audience[audience.length - 1] = node.intern();
    return true;
  }

  boolean forget(List<String> nodes) {
    if (nodes.isEmpty() || Arrays.stream(audience).noneMatch(nodes::contains)) {
      return false;
    }
    audience = Arrays.stream(audience).filter(node -> !nodes.contains(node)).toArray(String[]::new);
    return true;
  }

  /** When it was already accepted, or null. */
  @Nullable
  Accepted known(MessageKey key) {
    return ids == null ? null : known(ids, ids.id(key));
  }

  private static @Nullable Accepted known(IdMemory ids, IdMemory.Id id) {
    int place = ids.find(id);
    return place < 0 ? null : new Accepted(ids.seq(place), ids.time(place));
  }

  /** How these messages are remembered, if they are; looked for all at once, which is quicker than one after the other. */
  IdMemory.Id[] seek(List<Draft> drafts) {
    var memory = memory();
    var ids = new IdMemory.Id[drafts.size()];
    Arrays.setAll(ids, i -> memory.id(drafts.get(i).key()));
    memory.fetch(ids);
    return ids;
  }

  /**
   * Accepts a message as the next one, at {@link #time()}; the room's time never runs backwards.
   *
   * @return null; or, if it had been accepted before, when that was, and nothing is changed
   */
  @Nullable
  Accepted accept(Draft draft, long now) {
    return accept(draft, memory().id(draft.key()), now);
  }

  /** The same, the message's id being known by {@link #seek}. */
  @Nullable
  Accepted accept(Draft draft, IdMemory.Id id, long now) {
    var memory = memory();
    var known = known(memory, id);
    if (known == null) {
      time = Math.max(time, now);
      head++;
      log.add(draft.accepted(head, time));
      memory.add(id, head, time);
    }
    return known;
  }

  /**
   * Drops what need not be kept any longer.
   *
   * @return whether anything was dropped
   */
  boolean trim(Retention keep, long now) {
    int before = log.size();
    while (log.size() > 0
        && (log.size() > keep.size() || log.get(0).time() < now - keep.ageMillis())) {
      log.removeFirst();
    }
    boolean forgotten = forgetIds(keep, now);
    return forgotten || log.size() < before;
  }

  /** Whether nothing would be lost if the room were made anew, apart from its numbering. */
  boolean idle() {
    return audience.length == 0 && log.size() == 0 && ids == null;
  }

  /**
   * Where a reader who has everything up to {@code since} has to go on: the position before the first one it misses, or -1 if continuity
   * can't be shown.
   */
  long resume(Position since) {
    long from = since.epoch().equals(epoch) ? since.seq() : -1;
    for (var fork : forks) {
      if (from < 0 && fork.epoch().equals(since.epoch())) {
        from = Math.min(since.seq(), fork.upTo());
      }
    }
    return from >= first() - 1 && from <= head ? from : -1;
  }

  /** Entries after {@code seq}, ascending; see {@link EntryLog#from}. */
  List<LogEntry> after(long seq, int limit, int bytes) {
    return log.from((int) Math.max(0, Math.min(log.size(), seq + 1 - first())), limit, bytes);
  }

  /** How many entries are kept before {@code seq}. */
  int keptBefore(long seq) {
    return (int) Math.max(0, Math.min(log.size(), seq - first()));
  }

  /**
   * Unites two halves' logs: this numbering stays, what only the other half accepted comes after it in its own order, and a new epoch says so. Where
   * only one half went on, its numbering serves both and the epoch stays.
   */
  @Override
  public RoomState merge(RoomState other) {
    for (var node : other.audience) {
      hear(node);
    }
    long common = common(other);
    var missing = missing(other, common);
    if (head <= common && missing.size() == other.head - common && other.continues(epoch)) {
      epoch = other.epoch;
      forks = other.forks;
    } else if (other.head > common || !continues(other.epoch)) {
      forks = forks(other, common);
      epoch = Epochs.united(this, other);
    }
    for (var entry : missing) {
      log.add(entry.at(++head));
      memory().add(memory().id(entry.key()), head, entry.time());
    }
    time = Math.max(time, other.time);
    if (other.ids != null) {
      memory().addAll(other.ids);
    }
    return this;
  }

  /**
   * What only the other half accepted. Where the kept logs of one line don't meet any more, an id that this half would still remember
   * decides, and what is older than that counts as common: the limit of uniting is a split longer than {@link Retention#DEDUPE_WINDOW} in a
   * room that one half filled anew meanwhile.
   */
  private List<LogEntry> missing(RoomState other, long common) {
    boolean sameLine = epoch.equals(other.epoch);
    boolean met = !sameLine || Math.max(first(), other.first()) <= Math.min(head, other.head) + 1;
    long remembered = met || ids == null ? 0 : ids.time(ids.eldest());
    var found = new ArrayList<LogEntry>();
    for (int i = 0; i < other.log.size(); i++) {
      var entry = other.log.get(i);
      if (entry.seq() > common && entry.time() >= remembered && known(entry.key()) == null) {
        found.add(entry);
      }
    }
    return found;
  }

  /**
   * The position up to which both halves hold the same messages. Further on they may meet again by chance, where a sender repeated to one half what it had
   * said to the other.
   */
  private long common(RoomState other) {
    long from = Math.max(first(), other.first());
    long to = Math.min(Math.min(head, other.head), sharedNumbering(other));
    long seq = from;
    while (seq <= to && at(seq).key().equals(other.at(seq).key())) {
      seq++;
    }
    // Nothing kept by both: where one half's kept log begins right after the other's head, that
    // head is common.
    return seq > from || to == from - 1 ? seq - 1 : 0;
  }

  private LogEntry at(long seq) {
    return log.get((int) (seq - first()));
  }

  /** Up to where both halves may have counted alike: in one numbering, or in one that either of them has left. */
  private long sharedNumbering(RoomState other) {
    long shared = 0;
    for (var mine : numberings()) {
      for (var its : other.numberings()) {
        if (mine.epoch().equals(its.epoch())) {
          shared = Math.max(shared, Math.min(mine.upTo(), its.upTo()));
        }
      }
    }
    return shared;
  }

  /** The present numbering and those it came from, each with how far this log agrees with it. */
  private List<Fork> numberings() {
    var all = new ArrayList<Fork>();
    all.add(new Fork(epoch, head));
    all.addAll(forks);
    return all;
  }

  /** Whether that numbering is the present one, or one that the present one came from. */
  private boolean continues(String numbering) {
    return numberings().stream().anyMatch(known -> known.epoch().equals(numbering));
  }

  /** How far the united log will agree with each numbering that readers of either half may come with. */
  private List<Fork> forks(RoomState other, long common) {
    var agreed = new LinkedHashMap<String, Long>();
    // The two present ones first: the oldest are forgotten.
    agreed.put(epoch, head);
    agreed.merge(other.epoch, common, Math::min);
    for (var past : forks) {
      agreed.merge(past.epoch(), past.upTo(), Math::min);
    }
    for (var past : other.forks) {
      agreed.merge(past.epoch(), Math.min(past.upTo(), common), Math::min);
    }
    return agreed.entrySet().stream()
        .limit(KEPT_FORKS)
        .map(each -> new Fork(each.getKey(), each.getValue()))
        .toList();
  }

  private IdMemory memory() {
    if (ids == null) {
      ids = new IdMemory(seed);
    }
    return ids;
  }

  private boolean forgetIds(Retention keep, long now) {
    if (ids == null) {
      return false;
    }
    int before = ids.size();
    long old = now - Retention.DEDUPE_WINDOW.toMillis();
    ids.fetchEldest(ids.size() - Math.max(keep.ids(), log.size()));
    while (ids.size() > 0) {
      int eldest = ids.eldest();
      boolean needed = ids.seq(eldest) >= first() || ids.time(eldest) >= old;
      if (needed && ids.size() <= Math.max(keep.ids(), log.size())) {
        break;
      }
      ids.removeEldest();
    }
    boolean changed = ids.size() < before;
    if (ids.size() == 0) {
      ids = null;
    }
    return changed;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(epoch);
    out.writeLong(seed);
    out.writeLong(head);
    out.writeLong(time);
    out.writeInt(log.size());
    for (int i = 0; i < log.size(); i++) {
      log.get(i).write(out);
    }
    out.writeBoolean(ids != null);
    if (ids != null) {
      ids.write(out);
    }
    Strings.writeAll(out, audience);
    out.writeInt(forks.size());
    for (var fork : forks) {
      out.writeUTF(fork.epoch());
      out.writeLong(fork.upTo());
    }
  }

  static RoomState read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a room");
    var room = new RoomState(in.readUTF(), in.readLong());
    room.head = in.readLong();
    room.time = in.readLong();
    for (int n = in.readInt(); n > 0; n--) {
      room.log.add(LogEntry.read(in));
    }
    if (in.readBoolean()) {
      room.ids = IdMemory.read(in);
    }
    room.audience = Strings.readAll(in);
    var forks = new ArrayList<Fork>();
    for (int n = in.readInt(); n > 0; n--) {
      forks.add(new Fork(in.readUTF(), in.readLong()));
    }
    room.forks = List.copyOf(forks);
    return room;
  }
}
