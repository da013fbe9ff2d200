package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(200);

  @Test
  void the_delay_doubles_up_to_its_bound_and_half_of_it_is_chance() {
    for (int failures = 0; failures < 100; failures++) {
      var most = Math.min(2_000, 200L << Math.min(failures, 10));
      assertThat(Backoff.after(failures, FIRST).toMillis()).isBetween(most / 2, most);
    }
  }

  @Test
  void rooms_that_were_refused_together_do_not_come_back_together() {
    var delays =
        IntStream.range(0, 100).mapToObj(room -> Backoff.after(3, FIRST)).distinct();

    assertThat(delays.count()).isGreaterThan(20);
  }
}
