package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Renumbered;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.room.Samples.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bus and the cluster do to a feed, what it publishes has no hole and no repeat. */
class RoomFeedAtRandomTest extends FeedStage {
  private static final List<Fault> FAULTS = List.of(Fault.REFUSED, Fault.LOST, Fault.ANSWER_LOST);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatever_the_bus_loses_swaps_or_repeats_all_comes_once_and_in_order(long seed) {
    var random = new Random(seed);
    attached();
    var underWay = new ArrayList<Messages>();
    int n = 0;
    for (int i = 0; i < 400; i++) {
      var ids = new String[1 + random.nextInt(4)];
      for (int k = 0; k < ids.length; k++) {
        ids[k] = "m" + n++;
      }
      var told = said(ids);
      for (int copies = random.nextInt(3); copies > 0; copies--) {
        underWay.add(told);
      }
      if (random.nextInt(10) == 0) {
        map.then(FAULTS.get(random.nextInt(FAULTS.size())));
        time.pass(Duration.ofMillis(random.nextInt(300)));
        map.hold();
      }
      while (underWay.size() > random.nextInt(12)) {
        feed.arrived(underWay.remove(random.nextInt(underWay.size())));
      }
      map.release();
    }
    feed.check();
    time.pass(Backoff.LONGEST.multipliedBy(100)); // some faults may be left, each to be waited out

    assertThat(positions()).as("seed %d", seed).isEqualTo(upTo(n));
    assertThat(published).noneMatch(Renumbered.class::isInstance);
    assertThat(time.planned()).as("seed %d: at rest", seed).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void after_any_uniting_all_that_follows_comes_in_order(long seed) {
    var random = new Random(seed);
    var start = attached();
    for (int i = 0; i < 200; i++) {
      var told = said("m" + i);
      if (random.nextInt(4) > 0) {
        feed.arrived(told);
      }
      if (random.nextInt(12) == 0) {
        var other = otherHalf("x" + i, "y" + i);
        unite(other);
        if (random.nextBoolean()) {
          feed.check();
        }
      }
      time.pass(Duration.ofMillis(random.nextInt(60)));
    }
    feed.check();
    time.pass(Duration.ofSeconds(5));

    var reader = new Reader(start);
    published.forEach(reader::hear);
    var room = Samples.snapshot(map.elsewhere());
    assertThat(reader.at).as("seed %d", seed).isEqualTo(new Position(room.epoch(), room.head()));
    assertThat(reader.ids).as("seed %d", seed).containsAll(Samples.ids(room));
  }

  /** Follows what a feed publishes as a member would. */
  private static final class Reader {
    Position at;
    final List<String> ids = new ArrayList<>();

    Reader(Attached start) {
      at = new Position(start.epoch(), start.position());
    }

    void hear(RoomEvent event) {
      switch (event) {
        case Renumbered now -> {
          assertThat(now.joined().recovered()).isTrue();
          at = new Position(now.joined().epoch(), now.start());
        }
        case Messages messages -> {
          assertThat(new Position(messages.epoch(), messages.first() - 1)).isEqualTo(at);
          at = new Position(messages.epoch(), messages.last());
          messages.lines().forEach(line -> ids.add(Seen.of(line.json()).id()));
        }
        case RoomEvent.Signals signals -> {
          // Not numbered.
        }
        case RoomEvent.Announced announced -> {
          // Not numbered.
        }
      }
    }
  }
}
