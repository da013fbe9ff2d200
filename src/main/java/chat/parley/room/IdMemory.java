package chat.parley.room;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Which messages a room has accepted, long after their text is gone: for each the position and time, found by user and id, forgotten oldest first. At a
 * thousand messages a second five minutes are 300,000 ids, so an id is kept as 128 bits of hash in plain arrays, 36–80 bytes each in place of some 200,
 * and the collector has nothing to walk. Two ids that collide would make one message count as the other's repeat: among a
 * billion ids the chance is below 10⁻²⁰. The hash is no secret: to have somebody's message taken for a repeat one would have to know its id before it is
 * sent. Confined to the thread that owns the room's state.
 */
final class IdMemory {
  private static final int LEAST = 8;

  private final long seed;
  /** A ring in the order of acceptance: four numbers for each id. */
  private long[] hashA = new long[LEAST];

  private long[] hashB = new long[LEAST];
  private long[] seqs = new long[LEAST];
  private long[] times = new long[LEAST];
  private int start;
  private int size;
  /** Open addressing with linear probing: ring places plus one, 0 for none; twice as long as the ring. */
  private int[] table = new int[LEAST * 2];

  IdMemory(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  /** The ring place of an id, or -1; valid until the next change. */
  int find(MessageKey key) {
    return find(a(key), b(key));
  }

  long seq(int place) {
    return seqs[place];
  }

  long time(int place) {
    return times[place];
  }

  /** The place of the eldest; there has to be one. */
  int eldest() {
    return start;
  }

  /** Remembers an id that is not remembered yet. */
  void add(MessageKey key, long seq, long time) {
    add(a(key), b(key), seq, time);
  }

  void removeEldest() {
    unlink(slotOf(start));
    start = (start + 1) & (seqs.length - 1);
    size--;
    if (seqs.length > LEAST && size < seqs.length / 4) {
      resize(seqs.length / 2);
    }
  }

  /** Adds what the other memory of the same seed knows beside this one's. */
  void addAll(IdMemory other) {
    for (int i = 0; seed == other.seed && i < other.size; i++) {
      int place = (other.start + i) & (other.seqs.length - 1);
      if (find(other.hashA[place], other.hashB[place]) < 0) {
        add(other.hashA[place], other.hashB[place], other.seqs[place], other.times[place]);
      }
    }
  }

  private int find(long a, long b) {
    int mask = table.length - 1;
    for (int slot = (int) a & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      int place = table[slot] - 1;
      if (hashA[place] == a && hashB[place] == b) {
        return place;
      }
    }
    return -1;
  }

  private void add(long a, long b, long seq, long time) {
    if (size == seqs.length) {
      resize(size * 2);
    }
    int place = (start + size++) & (seqs.length - 1);
    hashA[place] = a;
    hashB[place] = b;
    seqs[place] = seq;
    times[place] = time;
    link(place);
  }

  private void link(int place) {
    int mask = table.length - 1;
    int slot = (int) hashA[place] & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = place + 1;
  }

  private int slotOf(int place) {
    int mask = table.length - 1;
    int slot = (int) hashA[place] & mask;
    while (table[slot] != place + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Empties a slot and moves up what linear probing had pushed behind it (Knuth, The Art of Computer Programming 3, 6.4, algorithm R). */
  private void unlink(int slot) {
    int mask = table.length - 1;
    int hole = slot;
    for (int next = (hole + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
      int home = (int) hashA[table[next] - 1] & mask;
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        table[hole] = table[next];
        hole = next;
      }
    }
    table[hole] = 0;
  }

  private void resize(int capacity) {
    hashA = turned(hashA, capacity);
    hashB = turned(hashB, capacity);
    seqs = turned(seqs, capacity);
    times = turned(times, capacity);
    start = 0;
    table = new int[capacity * 2];
    for (int place = 0; place < size; place++) {
      link(place);
    }
  }

  /** The ring's content from its start on, in an array of that length. */
  private long[] turned(long[] ring, int capacity) {
    var turned = new long[capacity];
    int untilEnd = Math.min(size, ring.length - start);
    System.arraycopy(ring, start, turned, 0, untilEnd);
    System.arraycopy(ring, 0, turned, untilEnd, size - untilEnd);
    return turned;
  }

  private long a(MessageKey key) {
    return hash(key, seed, 0x9E3779B97F4A7C15L, 32);
  }

  private long b(MessageKey key) {
    return hash(key, ~seed, 0xC2B2AE3D27D4EB4FL, 29);
  }

  /** Multiply and fold, a character at a time, with MurmurHash3's finish. The two parts are apart by a character neither can hold. */
  private static long hash(MessageKey key, long seed, long factor, int fold) {
    long hash = mix(seed, key.user(), factor, fold);
    hash = (hash ^ 1) * factor;
    hash = mix(hash ^ (hash >>> fold), key.id(), factor, fold);
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  private static long mix(long begun, String text, long factor, int fold) {
    long hash = begun;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * factor;
      hash ^= hash >>> fold;
    }
    return hash;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(seed);
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      int place = (start + i) & (seqs.length - 1);
      out.writeLong(hashA[place]);
      out.writeLong(hashB[place]);
      out.writeLong(seqs[place]);
      out.writeLong(times[place]);
    }
  }

  static IdMemory read(DataInput in) throws IOException {
    var memory = new IdMemory(in.readLong());
    for (int n = in.readInt(); n > 0; n--) {
      memory.add(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
    return memory;
  }
}
