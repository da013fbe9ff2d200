package chat.parley.cluster;

import org.jspecify.annotations.Nullable;

/** The cluster could not answer. Stackless. Immutable. */
public final class UnavailableException extends RuntimeException {
  private final boolean doubtful;

  public UnavailableException(boolean doubtful, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.doubtful = doubtful;
  }

  /**
   * Whether the operation may have happened all the same (a member lost, a time-out): only repeating it tells. False: it
   * certainly did not (no quorum, not started).
   */
  public boolean doubtful() {
    return doubtful;
  }

  /** Whether it is this failure and {@link #doubtful}: anything else that failed is refused for certain, or a bug, and not worth repeating. */
  public static boolean isDoubtful(Throwable failure) {
    return failure instanceof UnavailableException unavailable && unavailable.doubtful();
  }
}
