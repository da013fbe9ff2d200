package chat.parley.room;

import static chat.parley.room.Samples.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Renumbered;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.room.Samples.Seen;
import chat.parley.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomFeedTest extends FeedStage {
  @Test
  void whoever_attaches_stands_at_the_head_and_hears_what_follows() {
    said("a", "b");

    assertThat(attached()).isEqualTo(new Attached("e1", 2));
    feed.arrived(said("c"));
    assertThat(seen()).containsExactly(new Seen("e1", 3, "c"));
    assertThat(attached()).isEqualTo(new Attached("e1", 3));
  }

  @Test
  void swapped_batches_come_in_order_without_a_look_at_the_log() {
    attached();
    var first = said("a", "b");
    var second = said("c");

    feed.arrived(second);
    assertThat(published).isEmpty();
    feed.arrived(first);
    time.pass(Duration.ofSeconds(1));

    assertThat(positions()).isEqualTo(upTo(3));
    assertThat(repaired).isZero();
  }

  @Test
  void what_comes_twice_is_passed_on_once() {
    attached();
    var first = said("a", "b");
    feed.arrived(first);
    feed.arrived(first);
    feed.arrived(new Messages(first.epoch(), 2, List.of(first.lines().get(1))));

    assertThat(published).hasSize(1);
    assertThat(positions()).isEqualTo(upTo(2));
  }

  @Test
  void a_lost_batch_is_read_from_the_log() {
    attached();
    said("lost", "too");
    feed.arrived(said("c"));
    assertThat(published).isEmpty();

    time.pass(SOON);

    assertThat(seen().stream().map(Seen::id)).containsExactly("lost", "too", "c");
    assertThat(repaired).isEqualTo(3);
  }

  @Test
  void a_head_that_is_ahead_is_caught_up_with() {
    attached();
    said("a", "b", "c");

    feed.check();
    time.pass(SOON);

    assertThat(positions()).isEqualTo(upTo(3));
  }

  @Test
  void more_than_one_page_is_repaired() {
    attached();
    for (int i = 0; i < 1_300; i++) {
      said("m" + i);
    }
    feed.check();
    time.pass(SOON);

    assertThat(positions()).isEqualTo(upTo(1_300));
  }

  @Test
  void who_wants_no_echo_gets_none_from_the_log_either() {
    Subscriber ann = new Quiet(text -> {});
    attached();
    spare(ann, "own");
    said("own", "other's");
    feed.arrived(said("b"));
    time.pass(SOON);

    assertThat(positions()).isEqualTo(upTo(3));
    assertThat(lines().stream().map(line -> line.isFor(ann))).containsExactly(false, true, true);
  }

  @Test
  void a_read_that_fails_is_tried_again_and_again() {
    attached();
    said("lost");
    feed.arrived(said("b"));
    map.then(Fault.LOST, Fault.REFUSED, Fault.LOST);

    time.pass(SOON);
    assertThat(published).isEmpty();
    time.pass(Duration.ofSeconds(2));

    assertThat(positions()).isEqualTo(upTo(2));
  }

  @Test
  void a_check_that_fails_is_tried_again_and_again() {
    attached();
    said("lost");
    map.then(Fault.LOST, Fault.REFUSED, Fault.LOST);
    feed.check();

    time.pass(Duration.ofSeconds(2));

    assertThat(positions()).isEqualTo(upTo(1));
  }

  @Test
  void a_failed_attaching_fails_for_all_who_wait() {
    map.then(Fault.REFUSED);
    map.hold();
    var one = feed.attach();
    var other = feed.attach();
    map.release();

    assertThat(one.failed()).isTrue();
    assertThat(other.failed()).isTrue();
    assertThat(feed.unused()).isTrue();
  }

  @Test
  void what_arrives_before_the_feed_is_attached_is_not_lost() {
    map.hold();
    var attaching = feed.attach();
    var one = said("a");
    var two = said("b");
    feed.arrived(two);
    feed.arrived(one);
    map.release();

    assertThat(attaching.result()).isEqualTo(new Attached("e1", 0));
    assertThat(positions()).isEqualTo(upTo(2));
  }

  /** More batches than can be held came while the feed was being attached; nothing told of the last of them. */
  @Test
  void a_flood_before_the_feed_is_attached_loses_nothing() {
    map.hold();
    var unused = feed.attach();
    var batches = new ArrayList<Messages>();
    for (int i = 0; i < 100; i++) {
      batches.add(said("m" + i));
    }
    batches.forEach(feed::arrived);
    map.release();
    time.pass(SOON);

    assertThat(unused.succeeded()).isTrue();
    assertThat(positions()).isEqualTo(upTo(100));
  }

  @Test
  void a_new_numbering_is_told_and_what_follows_in_it_comes_after() {
    attached();
    feed.arrived(said("a"));
    var other = otherHalf("x");
    feed.arrived(said("b"));
    var united = unite(other);
    published.clear();

    feed.check();
    time.pass(SOON);

    assertThat(published.getFirst())
        .isEqualTo(new Renumbered(new Subscriber.Joined(united, 3, true), 1));
    assertThat(seen()).containsExactly(new Seen(united, 2, "b"), new Seen(united, 3, "x"));
  }

  @Test
  void a_message_in_a_numbering_not_heard_of_brings_the_new_one() {
    attached();
    feed.arrived(said("a"));
    var other = otherHalf("x");
    feed.arrived(said("b"));
    var united = unite(other);
    published.clear();

    feed.arrived(said("c"));
    time.pass(SOON);

    assertThat(seen().getLast()).isEqualTo(new Seen(united, 4, "c"));
    assertThat(positions()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void a_hole_that_was_trimmed_is_told() {
    attached();
    keep = new Retention(2, 86_400_000, 100);
    said("a", "b", "c", "d", "e");
    feed.check();
    time.pass(SOON);
    assertThat(published).as("what is missing may still be under way").isEmpty();
    time.pass(RoomFeed.LATE.plus(SOON));

    assertThat(published).containsExactly(new Renumbered(new Subscriber.Joined("e1", 5, false), 5));
    feed.arrived(said("f"));
    assertThat(seen()).containsExactly(new Seen("e1", 6, "f"));
  }

  @Test
  void what_comes_late_fills_a_hole_that_the_log_has_already_forgotten() {
    attached();
    keep = new Retention(2, 86_400_000, 100);
    var late = said("a", "b", "c");
    feed.arrived(said("d", "e", "f"));
    time.pass(RoomFeed.LATE.minus(SOON));
    assertThat(published).isEmpty();
    feed.arrived(late);

    assertThat(positions()).isEqualTo(upTo(6));
    time.pass(RoomFeed.LATE.plus(SOON));
    assertThat(published).noneMatch(Renumbered.class::isInstance);
  }

  @Test
  void a_room_that_was_lost_begins_anew() {
    attached();
    feed.arrived(said("a", "b"));
    Await.result("loss", map.elsewhere().submit(ROOM, new Lose()));
    published.clear();

    feed.check();
    time.pass(SOON);

    var renumbered = (Renumbered) published.getFirst();
    assertThat(renumbered.joined().recovered()).isFalse();
    assertThat(renumbered.start()).isZero();
    feed.arrived(said("c"));
    assertThat(positions()).containsExactly(1L);
  }

  /** What was heard while the answer of an older look was on its way was forgotten. */
  @Test
  void a_check_during_a_check_is_made_up_for() {
    attached();
    map.hold();
    feed.check();
    said("a");
    feed.check();
    map.release();
    time.pass(SOON);

    assertThat(positions()).isEqualTo(upTo(1));
  }

  /** A second uniting during the read that the first one had caused went unnoticed. */
  @Test
  void a_numbering_that_changes_during_a_repair_is_noticed() {
    attached();
    said("lost");
    feed.arrived(said("b"));
    map.hold();
    time.pass(SOON);
    assertThat(map.waiting()).isEqualTo(1);
    var other = otherHalf("x");
    said("c");
    unite(other);
    feed.check();
    map.release();
    time.pass(SOON);

    assertThat(seen().getLast().id()).isEqualTo("x");
    assertThat(seen().getLast().epoch())
        .isEqualTo(Samples.snapshot(map.elsewhere()).epoch());
  }

  /** The node stayed in the audience for ever, since its feed watched the room once more after it had left it. */
  @Test
  void a_closed_feed_watches_the_room_no_more() {
    attached();
    map.then(Fault.REFUSED);
    feed.check();
    feed.detach();
    feed.close();
    Await.result("leaving", log.unwatch(ROOM, "n1"));

    time.pass(Duration.ofSeconds(5));

    assertThat(map.owned()).isZero();
    assertThat(time.planned()).isZero();
  }

  @Test
  void a_closed_feed_publishes_nothing_though_a_repair_was_on_its_way() {
    attached();
    said("lost");
    feed.arrived(said("b"));
    map.hold();
    time.pass(SOON);
    feed.detach();
    feed.close();
    map.release();
    time.pass(Duration.ofSeconds(5));

    assertThat(published).isEmpty();
  }

  @Test
  void a_log_that_has_lost_its_end_is_told_as_a_hole() {
    attached();
    feed.arrived(said("a"));
    feed.arrived(new Messages("e1", 2, List.of(Samples.line("e1", 2, "lost"))));
    feed.check();
    // The end may be still to come, with the other half of a union.
    assertThat(published).doesNotHaveAnyElementsOfTypes(Renumbered.class);
    time.pass(Duration.ofSeconds(10));

    assertThat(published.getLast())
        .isEqualTo(new Renumbered(new Subscriber.Joined("e1", 1, false), 1));
  }

  /** A log that had lost its end was read again every 30 ms, for ever. */
  @Test
  void a_message_that_never_was_in_the_log_is_not_asked_for_for_ever() {
    attached();
    feed.arrived(said("a"));
    feed.arrived(new Messages("e1", 5, List.of(Samples.line("e1", 5, "ghost"))));
    int before = map.calls();
    time.pass(Duration.ofSeconds(30));

    assertThat(map.calls() - before).isLessThan(5);
    feed.arrived(said("b"));
    assertThat(positions()).startsWith(1L, 2L);
  }
}
