package chat.parley.cluster;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Tells what a failed Hazelcast call means to its caller. Only two kinds are sure not to have happened: what the quorum
 * refused (the owner asks before it runs anything) and what was never sent. A member lost, a time-out, an unanswered
 * backup, a node that stops under the call: all of them may have happened. What is none of the cluster's troubles is an
 * operation's own exception, a bug, and is handed on as it is. Pure.
 */
final class Failures {
  private Failures() {}

  /** What the call was answered with, or what became of the call on its way. */
  static Throwable answered(Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof SplitBrainProtectionException) {
      return new UnavailableException(false, "no quorum", cause);
    }
    return ofTheCluster(cause)
        ? new UnavailableException(true, "no certain answer: " + cause, cause)
        : cause;
  }

  /** What was thrown instead of sending the call. */
  static Throwable unsent(RuntimeException failure) {
    return ofTheCluster(failure)
        ? new UnavailableException(false, "not sent: " + failure, failure)
        : failure;
  }

  private static boolean ofTheCluster(Throwable cause) {
    return (cause instanceof HazelcastException
            && !(cause instanceof HazelcastSerializationException))
        || cause instanceof HazelcastInstanceNotActiveException
        || cause instanceof MemberLeftException
        || cause instanceof RejectedExecutionException
        || cause instanceof CancellationException
        || cause instanceof TimeoutException
        || cause instanceof InterruptedException
        || cause instanceof IOException;
  }

  private static Throwable unwrapped(Throwable failure) {
    var cause = failure.getCause();
    var wraps =
        failure instanceof CompletionException || failure.getClass() == ExecutionException.class;
    return wraps && cause != null ? unwrapped(cause) : failure;
  }
}
