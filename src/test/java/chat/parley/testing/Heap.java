package chat.parley.testing;

import java.lang.management.ManagementFactory;

/** What this JVM's heap holds. Pure. */
public final class Heap {
  private Heap() {}

  /** Bytes that are in use after a collection; the least of some, since what others do in this JVM counts too. */
  public static long usedBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
