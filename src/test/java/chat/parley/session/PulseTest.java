package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PulseTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Pulse pulse(int interval, int silence) {
    return new Pulse(Duration.ofSeconds(interval), Duration.ofSeconds(silence), 0, Duration.ZERO);
  }

  @Test
  void it_asks_once_an_interval_at_its_own_moment() {
    var pulse = new Pulse(Duration.ofSeconds(30), Duration.ofSeconds(90), 0, Duration.ofSeconds(7));

    assertThat(pulse.rest(0)).isEqualTo(7 * SECOND);
    assertThat(pulse.ask(7 * SECOND)).as("heard 7 s ago").isFalse();
    assertThat(pulse.rest(7 * SECOND)).isEqualTo(30 * SECOND);
    assertThat(pulse.ask(37 * SECOND)).isTrue();
    assertThat(pulse.ask(37 * SECOND)).isFalse();
    assertThat(pulse.ask(135 * SECOND)).as("late by more than an interval").isTrue();
    assertThat(pulse.rest(135 * SECOND)).isZero();
  }

  @Test
  void it_is_looked_at_when_the_silence_ends_and_not_an_interval_later() {
    var pulse = pulse(30, 70);
    pulse.ask(60 * SECOND);

    assertThat(pulse.rest(60 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(pulse.isLost(70 * SECOND)).isFalse();
    assertThat(pulse.isLost(70 * SECOND + 1)).isTrue();
  }

  /** Whatever it says of itself and when, a peer that answers at once is never given up, and a dead one is at once. */
  @ParameterizedTest
  @CsvSource({"30, 60", "30, 31", "1, 2", "30, 300", "5, 8"})
  void who_answers_lives_and_who_does_not_is_found_out(int interval, int silence) {
    var random = new Random(interval * 1_000L + silence);
    for (int run = 0; run < 200; run++) {
      var phase = Duration.ofNanos(random.nextLong(interval * SECOND));
      var pulse = new Pulse(Duration.ofSeconds(interval), Duration.ofSeconds(silence), 0, phase);
      long now = 0;
      long patience = (silence - interval) * SECOND / 2;
      for (int i = 0; i < 100; i++) {
        now += pulse.rest(now);
        assertThat(pulse.isLost(now)).as("run %s, look %s", run, i).isFalse();
        if (pulse.ask(now)) {
          pulse.heard(now + (long) (patience * random.nextDouble()));
        } else if (random.nextInt(3) == 0) {
          pulse.heard(now + random.nextLong(pulse.rest(now) + 1));
        }
      }
      long last = now - pulse.silent(now);
      while (!pulse.isLost(now)) {
        now += Math.max(1, pulse.rest(now));
        pulse.ask(now);
      }
      assertThat(now - last).isBetween(silence * SECOND, silence * SECOND + 2);
    }
  }
}
