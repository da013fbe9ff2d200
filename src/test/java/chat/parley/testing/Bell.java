package chat.parley.testing;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for something to change, and guards what changes. Thread-safe: one lock, held while the state is
 * read or changed.
 */
final class Bell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();

  /** Runs a change under the lock, then wakes everybody who waits. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Reads under the lock. */
  <T> T read(Supplier<T> state) {
    lock.lock();
    try {
      return state.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until {@code find}, asked under the lock after each change, answers something.
   *
   * @throws AssertionError with the text of {@code otherwise} when the time is over
   */
  <T> T await(Duration limit, Supplier<@Nullable T> find, Supplier<String> otherwise) {
    var left = limit.toNanos();
    lock.lock();
    try {
      for (var found = find.get(); ; found = find.get()) {
        if (found != null) {
          return found;
        }
        if (left <= 0) {
          throw new AssertionError(otherwise.get());
        }
        left = rung.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + otherwise.get(), e);
    } finally {
      lock.unlock();
    }
  }
}
