package chat.parley.room;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Which messages a room has accepted, long after their text is gone: for each the position and time, found by user and id, forgotten oldest first. At a
 * thousand messages a second five minutes are 300,000 ids, so an id is kept as 128 bits of hash in plain arrays, 48–96 bytes each in place of some 200,
 * and the collector has nothing to walk. What bounds it is the memory's latency: a message touches one place in the table and the ring's two ends, no
 * more, and a batch's places are fetched together. Two ids that collide would make one message count as the other's repeat: among a
 * billion ids the chance is below 10⁻²⁰. The hash is no secret: to have somebody's message taken for a repeat one would have to know its id before it is
 * sent. Confined to the thread that owns the room's state.
 */
final class IdMemory {
  /** An id as it is remembered. Valid for memories of one seed. Immutable. */
  record Id(long a, long b) {}

  /** Most rooms are idle, with a message or two. */
  private static final int LEAST = 1;

  private static final int A = 0;
  private static final int B = 1;
  private static final int SEQ = 2;
  private static final int TIME = 3;
  private static final int WIDTH = 4;

  private static final long FACTOR_A = 0x9E3779B97F4A7C15L;
  private static final long FACTOR_B = 0xC2B2AE3D27D4EB4FL;

  private final long seed;
  /** Four numbers for each id, in the order of acceptance. */
  private long[] ring = new long[LEAST * WIDTH];

  /** How many ids the ring has room for: a power of two. */
  private int capacity = LEAST;

  private int start;
  private int size;
  /**
   * Open addressing with linear probing, twice as long as the ring's capacity: ring place plus one in the lower half of a number, the upper half of hash A in its
   * upper half; 0 for none. That half says where to begin, too, so that probing never has to look into the ring.
   */
  private long[] table = new long[LEAST * 2];

  /** Nobody reads it; without it the compiler would leave out the fetching. */
  @SuppressWarnings("UnusedVariable")
  private long fetched;

  IdMemory(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  /**
   * Brings the places of these ids near: the machine's memory answers many questions in the time of one, if they don't wait for each other, as those of one
   * message after the other do.
   */
  void fetch(Id[] sought) {
    long touched = 0;
    int mask = table.length - 1;
    for (var id : sought) {
      touched ^= table[home(id.a()) & mask];
    }
    fetched = touched;
  }

  /** The same for so many of the eldest, which are to be forgotten. */
  void fetchEldest(int count) {
    long touched = 0;
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int place = (start + i) & (capacity - 1);
      touched ^= table[home(ring[place * WIDTH + A]) & mask];
    }
    fetched = touched;
  }

  /** The ring place of an id, or -1; valid until the next change. */
  int find(Id id) {
    int mask = table.length - 1;
    for (int slot = home(id.a()) & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      if (home(table[slot]) == home(id.a())) {
        int place = place(table[slot]);
        if (ring[place * WIDTH + A] == id.a() && ring[place * WIDTH + B] == id.b()) {
          return place;
        }
      }
    }
    return -1;
  }

  long seq(int place) {
    return ring[place * WIDTH + SEQ];
  }

  long time(int place) {
    return ring[place * WIDTH + TIME];
  }

  /** The place of the eldest; there has to be one. */
  int eldest() {
    return start;
  }

  /** Remembers an id that is not remembered yet. */
  void add(Id id, long seq, long time) {
    if (size == capacity) {
      resize(size * 2);
    }
    int place = (start + size++) & (capacity - 1);
    ring[place * WIDTH + A] = id.a();
    ring[place * WIDTH + B] = id.b();
    ring[place * WIDTH + SEQ] = seq;
    ring[place * WIDTH + TIME] = time;
    link(place);
  }

  void removeEldest() {
    unlink(slotOf(start));
    start = (start + 1) & (capacity - 1);
    size--;
    if (capacity > LEAST && size < capacity / 4) {
      resize(capacity / 2);
    }
  }

  /** Adds what the other memory of the same seed knows beside this one's. */
  void addAll(IdMemory other) {
    for (int i = 0; seed == other.seed && i < other.size; i++) {
      int place = (other.start + i) & (other.capacity - 1);
      var id = new Id(other.ring[place * WIDTH + A], other.ring[place * WIDTH + B]);
      if (find(id) < 0) {
        add(id, other.seq(place), other.time(place));
      }
    }
  }

  private static int home(long number) {
    return (int) (number >>> 32);
  }

  private static int place(long entry) {
    return (int) entry - 1;
  }

  private void link(int place) {
    long a = ring[place * WIDTH + A];
    int mask = table.length - 1;
    int slot = home(a) & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = (a & 0xFFFFFFFF_00000000L) | (place + 1);
  }

  private int slotOf(int place) {
    int mask = table.length - 1;
    int slot = home(ring[place * WIDTH + A]) & mask;
    while (place(table[slot]) != place) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Empties a slot and moves up what linear probing had pushed behind it (Knuth, The Art of Computer Programming 3, 6.4, algorithm R). */
  private void unlink(int slot) {
    int mask = table.length - 1;
    int hole = slot;
    for (int next = (hole + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
      int home = home(table[next]) & mask;
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        table[hole] = table[next];
        hole = next;
      }
    }
    table[hole] = 0;
  }

  /** The same ids, from the ring's begin on, in a ring of that capacity. */
  private void resize(int newCapacity) {
    var turned = new long[newCapacity * WIDTH];
    int untilEnd = Math.min(size, capacity - start);
    System.arraycopy(ring, start * WIDTH, turned, 0, untilEnd * WIDTH);
    System.arraycopy(ring, 0, turned, untilEnd * WIDTH, (size - untilEnd) * WIDTH);
    ring = turned;
    capacity = newCapacity;
    start = 0;
    table = new long[capacity * 2];
    for (int place = 0; place < size; place++) {
      link(place);
    }
  }

  /**
   * How this memory knows a message: multiply and fold, a character at a time, with MurmurHash3's finish, both halves in one go. User and id are apart by a
   * character neither can hold.
   */
  Id id(MessageKey key) {
    long a = seed;
    long b = ~seed;
    int border = key.user().length();
    int end = border + 1 + key.id().length();
    for (int i = 0; i < end; i++) {
      int c = i < border ? key.user().charAt(i) : i > border ? key.id().charAt(i - border - 1) : 1;
      a = (a ^ c) * FACTOR_A;
      a ^= a >>> 32;
      b = (b ^ c) * FACTOR_B;
      b ^= b >>> 29;
    }
    return new Id(finished(a), finished(b));
  }

  private static long finished(long folded) {
    long hash = folded;
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(seed);
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      int place = (start + i) & (capacity - 1);
      for (int part = 0; part < WIDTH; part++) {
        out.writeLong(ring[place * WIDTH + part]);
      }
    }
  }

  static IdMemory read(DataInput in) throws IOException {
    var memory = new IdMemory(in.readLong());
    for (int n = in.readInt(); n > 0; n--) {
      memory.add(new Id(in.readLong(), in.readLong()), in.readLong(), in.readLong());
    }
    return memory;
  }
}
