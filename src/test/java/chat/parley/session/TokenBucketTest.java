package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static long after(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static int taken(TokenBucket bucket, long nanoTime) {
    int taken = 0;
    while (taken < 1_000 && bucket.take(nanoTime) == 0) {
      taken++;
    }
    return taken;
  }

  @Test
  void twice_the_rate_may_come_at_once_and_then_the_rate() {
    var bucket = new TokenBucket(10, 0);

    assertThat(taken(bucket, 0)).isEqualTo(20);
    assertThat(taken(bucket, after(1_000))).isEqualTo(10);
    assertThat(taken(bucket, after(1_500))).isEqualTo(5);
  }

  @Test
  void a_long_pause_saves_up_no_more_than_a_burst() {
    var bucket = new TokenBucket(10, 0);
    taken(bucket, 0);

    assertThat(taken(bucket, after(3_600_000))).isEqualTo(20);
  }

  @Test
  void it_says_how_long_to_wait_and_means_it() {
    var bucket = new TokenBucket(4, 0);
    taken(bucket, 0);

    long wait = bucket.take(0);
    assertThat(wait).isEqualTo(250);
    assertThat(bucket.take(after(wait - 1))).isPositive();
    assertThat(bucket.take(after(wait))).isZero();
  }

  @Test
  void a_high_rate_never_says_to_wait_for_nothing() {
    var bucket = new TokenBucket(100_000, 0);
    int taken = 0;
    while (taken <= 200_000 && bucket.take(0) == 0) {
      taken++;
    }

    assertThat(taken).isEqualTo(200_000);
    assertThat(bucket.take(0)).isEqualTo(1);
  }

  @Test
  void no_rate_is_no_limit() {
    assertThat(taken(new TokenBucket(0, 0), 0)).isEqualTo(1_000);
  }
}
