package chat.parley.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waiting with a deadline, from a test's thread, and a clear word when it passes. Thread-safe: no state. */
public final class Await {
  /** Long enough for what takes milliseconds, on a busy machine. */
  public static final Duration SOON = Duration.ofSeconds(10);

  private static final Duration GLANCE = Duration.ofMillis(20);

  private Await() {}

  /** What the future brings within {@link #SOON}. */
  public static <T> T result(String what, Future<T> future) {
    return result(what, future, SOON);
  }

  /**
   * What the future brings in time.
   *
   * @throws AssertionError when it fails or the time is over
   */
  public static <T> T result(String what, Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(what + ": nothing within " + limit, e);
    } catch (ExecutionException e) {
      throw new AssertionError(what + " failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(what + ": interrupted", e);
    }
  }

  /** Why the future failed; a success is an {@link AssertionError}. */
  public static Throwable failure(String what, Future<?> future) {
    return result(
        what + " should fail",
        future.transform(ended -> ended.failed()
            ? Future.succeededFuture(ended.cause())
            : Future.failedFuture("it succeeded: " + ended.result())));
  }

  /**
   * For what cannot call back, such as another process: looks at the condition again and again.
   *
   * @throws AssertionError when it does not hold in time
   */
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    var over = timer(limit);
    while (!condition.getAsBoolean()) {
      if (over.isDone()) {
        throw new AssertionError(what + ": not within " + limit);
      }
      pass(GLANCE);
    }
  }

  /** Lets time pass, for tests that must show that nothing happens meanwhile. */
  public static void pass(Duration time) {
    timer(time).join();
  }

  private static CompletableFuture<Boolean> timer(Duration time) {
    var timer = new CompletableFuture<Boolean>();
    return timer.completeOnTimeout(true, time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
