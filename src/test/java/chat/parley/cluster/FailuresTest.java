package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
  static Throwable[] doubtful() {
    return new Throwable[] {
      new IndeterminateOperationStateException("no backup"),
      new OperationTimeoutException("no answer"),
      new TargetDisconnectedException("gone"),
      new MemberLeftException(),
      new HazelcastInstanceNotActiveException(),
      new CompletionException(new OperationTimeoutException("no answer")),
      new ExecutionException(new IndeterminateOperationStateException("no backup"))
    };
  }

  @ParameterizedTest
  @MethodSource("doubtful")
  void what_may_have_happened_is_doubtful(Throwable failure) {
    assertThat(Failures.answered(failure))
        .isInstanceOfSatisfying(
            UnavailableException.class, told -> assertThat(told.doubtful()).isTrue());
  }

  @Test
  void a_missing_quorum_is_certain() {
    assertThat(
            Failures.answered(new CompletionException(new SplitBrainProtectionException("2 of 3"))))
        .isInstanceOfSatisfying(
            UnavailableException.class, told -> assertThat(told.doubtful()).isFalse());
  }

  @Test
  void what_was_never_sent_is_certain() {
    assertThat(Failures.unsent(new HazelcastInstanceNotActiveException()))
        .isInstanceOfSatisfying(
            UnavailableException.class, told -> assertThat(told.doubtful()).isFalse());
  }

  @Test
  void a_bug_stays_what_it_is() {
    var bug = new IllegalArgumentException("bug");
    assertThat(Failures.answered(new CompletionException(bug))).isSameAs(bug);
    assertThat(Failures.unsent(bug)).isSameAs(bug);
  }
}
