package chat.parley.room;

import static chat.parley.room.Samples.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.cluster.UnavailableException;
import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FeedsTest extends FeedStage {
  private final Feeds feeds = new Feeds(this);

  @Test
  void a_node_that_dies_keeps_nobody_out_of_a_room() {
    map.then(Fault.LOST, Fault.ANSWER_LOST);

    var attached = feeds.attach(ROOM);
    time.pass(Duration.ofSeconds(1));

    assertThat(Await.result("attaching", attached)).isEqualTo(new Attached("e1", 0));
  }

  @Test
  void who_joins_while_the_room_is_asked_again_waits_with_the_first() {
    map.then(Fault.LOST);

    var first = feeds.attach(ROOM);
    var second = feeds.attach(ROOM);
    time.pass(Duration.ofSeconds(1));

    assertThat(Await.result("attaching", first)).isEqualTo(Await.result("attaching", second));
    feeds.detach(ROOM);
    feeds.detach(ROOM);
    time.pass(Duration.ofSeconds(6));
    assertThat(feeds.size()).isZero();
  }

  @Test
  void a_room_that_never_answers_for_certain_is_not_waited_for_long() {
    map.then(Fault.LOST, Fault.LOST, Fault.LOST, Fault.LOST, Fault.LOST);

    var attached = feeds.attach(ROOM);
    time.pass(Duration.ofSeconds(4));

    assertThat(attached.cause()).isInstanceOf(UnavailableException.class);
  }

  @Test
  void who_was_refused_for_certain_is_told_at_once() {
    map.then(Fault.REFUSED);

    assertThat(feeds.attach(ROOM).cause()).isInstanceOf(UnavailableException.class);
    assertThat(map.calls()).isEqualTo(1);
  }
}
