package chat.parley.cluster;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every shared map does, whoever runs it. */
abstract class SharedMapContract {
  /** A map as one node sees it, empty at first. */
  abstract SharedMap<Tally> map();

  /** The same map as some other node sees it, or the same one. */
  abstract SharedMap<Tally> mapElsewhere();

  static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  @Test
  void a_change_is_seen_by_the_next_look_anywhere() {
    assertThat(await(map().submit("room", new Tally.Vote("ann")))).isEqualTo(answer(1, true));
    assertThat(await(mapElsewhere().submit("room", new Tally.Vote("bob"))))
        .isEqualTo(answer(2, true));
    assertThat(await(map().submit("room", new Tally.Count(false)))).isEqualTo(answer(2, false));
  }

  @Test
  void each_of_many_operations_at_once_is_applied_once() {
    var votes = IntStream.range(0, 2_000)
        .mapToObj(i -> (i % 2 == 0 ? map() : mapElsewhere())
            .submit("room" + i % 3, new Tally.Vote("voter" + i)))
        .toList();

    var answers = votes.stream().map(SharedMapContract::await).toList();

    assertThat(answers).allMatch(Tally.Answer::fresh);
    var sum = IntStream.range(0, 3)
        .map(i -> await(map().submit("room" + i, new Tally.Count(false))).count())
        .sum();
    assertThat(sum).isEqualTo(2_000);
    assertThat(answers.stream().filter(answer -> answer.count() == 1)).hasSize(3);
  }

  @Test
  void a_look_leaves_no_trace() {
    assertThat(await(map().submit("nowhere", new Tally.Count(false)))).isEqualTo(answer(-1, false));
    assertThat(map().owned() + mapElsewhere().owned()).isZero();
  }

  @Test
  void a_look_that_changes_something_is_a_bug() {
    await(map().submit("room", new Tally.Vote("ann")));

    assertThatThrownBy(() -> await(map().submit("room", new Tally.Count(true))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> await(mapElsewhere().submit("room", new Tally.Count(true))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(await(map().submit("room", new Tally.Count(false)))).isEqualTo(answer(1, false));
  }

  @Test
  void a_removed_value_is_gone() {
    await(map().submit("room", new Tally.Vote("ann")));
    assertThat(await(mapElsewhere().submit("room", new Tally.Withdraw())))
        .isEqualTo(answer(1, false));
    assertThat(await(map().submit("room", new Tally.Count(false)))).isEqualTo(answer(-1, false));
  }

  @Test
  void a_thousand_keys_are_looked_at_in_one_call() {
    var keys = IntStream.range(0, 1_000).mapToObj(i -> "room" + i).collect(toSet());
    keys.stream()
        .map(key -> map().submit(key, new Tally.Vote("ann")))
        .toList()
        .forEach(SharedMapContract::await);

    var counts = await(mapElsewhere().submitAll(keys, new Tally.Count(false)));

    assertThat(counts.keySet()).isEqualTo(keys);
    assertThat(counts.values()).allMatch(answer(1, false)::equals);
  }

  @Test
  void only_looks_go_to_many_keys() {
    assertThatThrownBy(
            () -> await(map().submitAll(java.util.List.of("room"), new Tally.Vote("ann"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_sweep_comes_to_every_key() {
    var rooms = IntStream.range(0, 1_000).mapToObj(i -> "room" + i).collect(toSet());
    rooms.stream()
        .map(room -> map().submit(room, new Tally.Vote("ann")))
        .toList()
        .forEach(SharedMapContract::await);

    await(mapElsewhere().sweep(new Tally.Vote("bob")));

    var counts = await(map().submitAll(rooms, new Tally.Count(false)));
    assertThat(counts).hasSize(1_000);
    assertThat(counts.values()).allMatch(answer(2, false)::equals);
  }

  @Test
  void part_by_part_every_key_comes_once_and_in_the_same_part_everywhere() {
    var rooms = IntStream.range(0, 500).mapToObj(i -> "room" + i).collect(toSet());
    rooms.stream()
        .map(room -> map().submit(room, new Tally.Vote("ann")))
        .toList()
        .forEach(SharedMapContract::await);

    assertThat(map().parts()).isEqualTo(mapElsewhere().parts());
    var seen = new java.util.ArrayList<String>();
    for (int part = 0; part < map().parts(); part++) {
      var here = await(map().submitPart(part, new Tally.Count(false)));
      assertThat(await(mapElsewhere().submitPart(part, new Tally.Count(false)))).isEqualTo(here);
      assertThat(here.values()).allMatch(answer(1, false)::equals);
      seen.addAll(here.keySet());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(rooms);
  }

  @Test
  void a_sweep_may_remove() {
    await(map().submit("room", new Tally.Vote("ann")));
    await(map().submit("room2", new Tally.Vote("ann")));

    await(map().sweep(new Tally.Withdraw()));

    assertThat(map().owned() + mapElsewhere().owned()).isZero();
  }

  @Test
  void an_operation_that_throws_fails_with_its_own_exception_and_changes_nothing() {
    await(map().submit("room", new Tally.Vote("ann")));

    assertThatThrownBy(() -> await(map().submit("room", new Tally.Break())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken at room");
    assertThatThrownBy(() -> await(mapElsewhere().submit("room", new Tally.Break())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(await(map().submit("room", new Tally.Count(false)))).isEqualTo(answer(1, false));
  }

  static Tally.Answer answer(int count, boolean fresh) {
    return new Tally.Answer(count, fresh);
  }
}
