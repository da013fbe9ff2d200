package chat.parley.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes only when a test says so. Confined to the test's thread. */
public final class HandTurnedTime {
  private record Due(long at, long order, Runnable task) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private long now;
  private long order;

  /** The task falls due after so much time. */
  public void later(Duration delay, Runnable task) {
    due.add(new Due(now + delay.toNanos(), order++, task));
  }

  /** Lets time pass, and whatever falls due happen in its order. */
  public void pass(Duration time) {
    long until = now + time.toNanos();
    for (var next = due.peek(); next != null && next.at() <= until; next = due.peek()) {
      due.remove();
      now = next.at();
      next.task().run();
    }
    now = until;
  }

  /** How many tasks have not fallen due. */
  public int planned() {
    return due.size();
  }
}
