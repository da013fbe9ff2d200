package chat.parley.metrics;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Counters for the path of a message: each thread counts in cells of its own, without a lock or an atomic instruction, and whoever scrapes adds
 * them up. Cells outlive their thread, so that a sum never falls; threads that count are few: the event loops. Thread-safe: a cell is written by one
 * thread only, and read opaquely.
 */
final class Tally {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final List<long[]> all = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<long[]> own;

  Tally(int cells) {
    own = new FastThreadLocal<>() {
      @Override
      protected long[] initialValue() {
        var mine = new long[cells];
        all.add(mine);
        return mine;
      }
    };
  }

  void add(int cell, long count) {
    var mine = own.get();
    CELL.setOpaque(mine, cell, mine[cell] + count);
  }

  long sum(int cell) {
    long sum = 0;
    for (var each : all) {
      sum += (long) CELL.getOpaque(each, cell);
    }
    return sum;
  }
}
