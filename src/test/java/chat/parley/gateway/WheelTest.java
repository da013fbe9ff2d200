package chat.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WheelTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private long now;

  private <T> void turn(Wheel<T> wheel, long times) {
    for (long i = 0; i < times; i++) {
      now += wheel.tick().toNanos();
      wheel.turn();
    }
  }

  @Test
  void a_thing_is_looked_at_after_the_time_it_names_and_a_tick_later_at_most() {
    var looks = new ArrayList<Long>();
    var wheel = new Wheel<String>(INTERVAL, thing -> {
      looks.add(now);
      return looks.size() < 3 ? Duration.ofSeconds(10).toNanos() : -1;
    });
    wheel.add("x", Duration.ofMillis(250).toNanos());

    turn(wheel, 1_000);

    long tick = wheel.tick().toNanos();
    assertThat(looks).hasSize(3);
    assertThat(looks.get(0)).isBetween(250_000_000L, 250_000_000L + tick);
    assertThat(looks.get(1) - looks.get(0)).isBetween(10_000_000_000L, 10_000_000_000L + tick);
  }

  @Test
  void who_left_is_not_looked_at_any_more() {
    var looks = new ArrayList<String>();
    var wheel = new Wheel<String>(INTERVAL, thing -> {
      looks.add(thing);
      return INTERVAL.toNanos();
    });
    var seat = wheel.add("x", INTERVAL.toNanos());
    wheel.add("y", INTERVAL.toNanos());
    turn(wheel, 301);
    seat.leave();
    turn(wheel, 300);

    assertThat(looks).containsExactly("x", "y", "y");
  }

  @Test
  void who_asks_for_no_time_at_all_gets_the_next_tick() {
    var looks = new ArrayList<String>();
    var wheel = new Wheel<String>(Duration.ofSeconds(1), thing -> {
      looks.add(thing);
      return 0;
    });
    wheel.add("x", 0);
    turn(wheel, 10);

    assertThat(looks).hasSize(10);
  }

  /** All at once, as after the loss of another node; every peer answers, and none is asked in a crowd. */
  @Test
  void fifty_thousand_that_came_together_are_asked_in_small_groups() {
    var asked = new ArrayList<Integer>();
    var inThisTick = new int[1];
    var wheel = new Wheel<Integer>(INTERVAL, thing -> {
      inThisTick[0]++;
      return INTERVAL.toNanos();
    });
    for (int i = 0; i < 50_000; i++) {
      wheel.add(i, Sessions.phase(i, INTERVAL).toNanos());
    }
    for (int i = 0; i < 900; i++) {
      turn(wheel, 1);
      asked.add(inThisTick[0]);
      inThisTick[0] = 0;
    }

    // 50,000 in 300 ticks are 167 a tick.
    assertThat(asked).allMatch(group -> group < 200);
    assertThat(sum(asked.subList(600, 900))).isBetween(49_800, 50_200);
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }
}
