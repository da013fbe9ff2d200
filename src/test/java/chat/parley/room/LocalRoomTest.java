package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.Samples.Seen;
import chat.parley.room.Subscriber.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalRoomTest {
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private final Lobby lobby = new Lobby("a", "b", "c");
  private final Member ann = new Member();
  private final Member bob = new Member();

  private static String[] many(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  @Test
  void whoever_joins_without_a_place_hears_what_is_new() {
    assertThat(lobby.join(ann).succeeded()).isTrue();
    lobby.said("d").hearAll();

    assertThat(ann.told).containsExactly(new Joined("e1", 3, false));
    assertThat(ann.ids()).containsExactly("d");
  }

  @Test
  void whoever_has_everything_goes_on_without_a_look_at_the_log() {
    lobby.resume(ann, "e1", 3);
    lobby.said("d").hearAll();

    assertThat(ann.told).containsExactly(new Joined("e1", 3, true));
    assertThat(ann.positions()).containsExactly(4L);
    assertThat(lobby.map.calls()).isZero();
  }

  @Test
  void whoever_missed_something_gets_it_first() {
    lobby.resume(ann, "e1", 1);
    lobby.said("d").hearAll();

    assertThat(ann.told).containsExactly(new Joined("e1", 3, true));
    assertThat(ann.ids()).containsExactly("b", "c", "d");
  }

  @Test
  void the_newest_messages_come_first_if_asked_for() {
    lobby.join(ann, null, 2);
    lobby.said("d").hearAll();

    assertThat(ann.told).containsExactly(new Joined("e1", 3, false));
    assertThat(ann.ids()).containsExactly("b", "c", "d");
  }

  @Test
  void who_can_not_go_on_gets_the_newest_instead() {
    lobby.join(ann, new Position("elsewhere", 1), 1);

    assertThat(ann.told).containsExactly(new Joined("e1", 3, false));
    assertThat(ann.ids()).containsExactly("c");
  }

  @Test
  void messages_of_one_turn_are_one_burst() {
    lobby.join(ann);
    lobby.said("d").said("e").hear();
    lobby.hear();
    assertThat(ann.seen).isEmpty();
    lobby.endTurn();

    assertThat(ann.ids()).containsExactly("d", "e");
  }

  @Test
  void who_joins_amid_a_turn_hears_only_what_comes_after() {
    lobby.join(ann);
    lobby.said("d").hear();
    lobby.join(bob);
    lobby.said("e").hearAll();

    assertThat(ann.ids()).containsExactly("d", "e");
    assertThat(bob.ids()).containsExactly("e");
    assertThat(bob.told).containsExactly(new Joined("e1", 4, false));
  }

  @Test
  void who_leaves_hears_what_came_before_and_nothing_after() {
    lobby.join(ann);
    lobby.said("d").hear();
    lobby.here.leave(ann);
    lobby.said("e").hearAll();

    assertThat(ann.ids()).containsExactly("d");
  }

  @Test
  void what_the_room_hears_while_a_page_is_on_its_way_follows_the_page() {
    lobby.map.hold();
    lobby.resume(ann, "e1", 0);
    lobby.said("d").said("e").hearAll();
    lobby.map.release();
    lobby.said("f").hearAll();

    assertThat(ann.ids()).containsExactly("a", "b", "c", "d", "e", "f");
  }

  /** A message came twice where the log had it before this loop had heard of it. */
  @Test
  void what_the_log_told_before_the_room_heard_of_it_comes_once() {
    lobby.join(bob);
    lobby.said("d").said("e", "f");
    lobby.resume(ann, "e1", 2);
    assertThat(ann.ids()).containsExactly("c", "d", "e", "f");
    lobby.hear();
    lobby.said("g");
    lobby.hearAll();
    lobby.said("h").hearAll();

    assertThat(ann.ids()).containsExactly("c", "d", "e", "f", "g", "h");
    assertThat(bob.ids()).containsExactly("d", "e", "f", "g", "h");
  }

  @Test
  void a_batch_that_reaches_beyond_the_page_is_cut_to_what_is_new() {
    lobby.map.hold();
    lobby.resume(ann, "e1", 3 - 1);
    lobby.map.release();
    lobby.said("d", "e").hearAll();
    lobby.map.hold();
    lobby.resume(bob, "e1", 1);
    lobby.said("f", "g").hearAll();
    lobby.map.release();

    assertThat(bob.ids()).containsExactly("b", "c", "d", "e", "f", "g");
  }

  @Test
  void a_room_that_lags_behind_its_log_is_told_to_look() {
    lobby.said("lost");
    lobby.resume(ann, "e1", 3 - 1);
    assertThat(lobby.checks).isZero();
    lobby.time.pass(Duration.ofMillis(150));

    assertThat(lobby.checks).isEqualTo(1);
    lobby.time.pass(Duration.ofMillis(200));
    assertThat(lobby.checks).as("until it does").isEqualTo(3);
  }

  /** The answer was older than the numbering's start that the room was told of meanwhile. */
  @Test
  void a_page_that_ends_before_what_was_kept_is_followed_by_another() {
    var epoch = lobby.united("x");
    lobby.map.hold();
    lobby.join(ann, new Position("e1", 2), 0);
    lobby.said("d", "e").lose();
    lobby.here.on(new RoomEvent.Renumbered(new Joined(epoch, 7, false), 7));
    lobby.map.release();
    lobby.said("f").hearAll();

    assertThat(ann.ids()).containsExactly("c", "own4", "x", "d", "e", "f");
  }

  @Test
  void a_long_way_is_gone_page_by_page_at_the_members_own_pace() {
    lobby.said(many("m", 3 * CatchUp.PAGE)).hearAll();
    ann.clog();
    lobby.resume(ann, "e1", 0);
    assertThat(ann.seen).hasSize(CatchUp.PAGE);
    lobby.said("late").hearAll();
    assertThat(ann.seen).hasSize(CatchUp.PAGE);
    ann.unclog();
    lobby.said("last").hearAll();

    assertThat(ann.positions()).hasSize(3 * CatchUp.PAGE + 5).last().isEqualTo(605L);
  }

  @Test
  void more_than_can_be_kept_during_a_page_is_read_from_the_log() {
    lobby.map.hold();
    lobby.resume(ann, "e1", 0);
    var wide = "w".repeat(20_000);
    for (int i = 0; i < 30; i++) {
      lobby.said(wide + i).hearAll();
    }
    lobby.map.release();
    lobby.said("last").hearAll();

    assertThat(ann.positions()).hasSize(34);
    assertThat(ann.ids().getLast()).isEqualTo("last");
  }

  @Test
  void a_first_page_that_fails_refuses_the_member() {
    lobby.map.then(Fault.REFUSED);
    var joining = lobby.resume(ann, "e1", 0);
    lobby.said("d").hearAll();

    assertThat(joining.failed()).isTrue();
    assertThat(ann.told).isEmpty();
    assertThat(ann.seen).isEmpty();
  }

  /** Who came back from a dead node was sent away once more, since the other one could not answer at once either. */
  @Test
  void a_first_page_without_a_certain_answer_is_asked_for_again() {
    lobby.map.then(Fault.LOST, Fault.LOST);
    var joining = lobby.resume(ann, "e1", 0);
    assertThat(joining.isComplete()).isFalse();
    lobby.time.pass(A_WHILE);

    assertThat(joining.succeeded()).isTrue();
    assertThat(ann.seen).hasSize(3);
  }

  @Test
  void who_joins_is_told_when_the_log_gives_no_certain_answer_for_long() {
    lobby.map.then(Fault.LOST, Fault.LOST, Fault.LOST, Fault.LOST, Fault.LOST);
    var joining = lobby.resume(ann, "e1", 0);
    lobby.time.pass(Duration.ofSeconds(10));

    assertThat(joining.failed()).isTrue();
  }

  @Test
  void a_later_page_that_fails_is_tried_again() {
    lobby.said(many("m", 2 * CatchUp.PAGE)).hearAll();
    ann.clog();
    lobby.resume(ann, "e1", 0);
    lobby.map.then(Fault.LOST, Fault.REFUSED);
    ann.unclog();
    assertThat(ann.seen).hasSize(CatchUp.PAGE);
    lobby.time.pass(A_WHILE);

    assertThat(ann.seen).hasSize(2 * CatchUp.PAGE + 3);
  }

  @Test
  void who_reads_slower_than_the_log_is_trimmed_is_told_of_the_hole() {
    lobby.keep = new Retention(300, 86_400_000, 1_000);
    lobby.said(many("m", 290)).hearAll();
    ann.clog();
    lobby.resume(ann, "e1", 0);
    lobby.said(many("n", 300)).hearAll();
    ann.unclog();

    assertThat(ann.told).containsExactly(new Joined("e1", 293, true), new Joined("e1", 593, false));
    assertThat(ann.positions()).endsWith(593L).contains(294L).doesNotContain(201L);
  }

  @Test
  void who_leaves_while_a_page_is_on_its_way_gets_nothing_more() {
    lobby.map.hold();
    var joining = lobby.resume(ann, "e1", 0);
    lobby.here.leave(ann);
    lobby.map.release();
    lobby.said("d").hearAll();

    assertThat(joining.failed()).isTrue();
    assertThat(ann.told).isEmpty();
    assertThat(ann.seen).isEmpty();
  }

  @Test
  void who_leaves_between_two_pages_gets_nothing_more() {
    lobby.said(many("m", 300)).hearAll();
    ann.clog();
    lobby.resume(ann, "e1", 0);
    lobby.here.leave(ann);
    ann.unclog();
    lobby.united("x");
    lobby.hearAll();

    assertThat(ann.seen).hasSize(CatchUp.PAGE);
    assertThat(ann.told).hasSize(1);
  }

  /** The first joining, coming to its end, took the second one's member out again. */
  @Test
  void joining_again_while_joining_begins_anew() {
    lobby.map.hold();
    var first = lobby.join(ann, new Position("e1", 1), 0);
    var second = lobby.resume(ann, "e1", 2);
    lobby.map.release();
    lobby.said("d").hearAll();

    assertThat(first.failed()).isTrue();
    assertThat(second.succeeded()).isTrue();
    assertThat(ann.ids()).containsExactly("c", "d");
  }

  @Test
  void joining_again_when_in_begins_anew() {
    lobby.join(ann);
    lobby.resume(ann, "e1", 1);
    lobby.said("d").hearAll();

    assertThat(ann.ids()).containsExactly("b", "c", "d");
  }

  @Test
  void a_new_numbering_is_told_to_members_and_goes_on_from_its_start() {
    lobby.join(ann);
    lobby.said("d").hearAll();
    var epoch = lobby.united("x");
    lobby.hearAll();

    assertThat(ann.told.getLast()).isEqualTo(new Joined(epoch, 6, true));
    assertThat(ann.seen.subList(1, 3))
        .containsExactly(new Seen(epoch, 5, "own5"), new Seen(epoch, 6, "x"));
  }

  /** It was told that everything follows, and what lay between its place and the room's never came. */
  @Test
  void a_new_numbering_during_a_catching_up_leaves_no_hole() {
    lobby.said(many("m", 400)).hearAll();
    ann.clog();
    lobby.resume(ann, "e1", 0);
    var epoch = lobby.united("x");
    lobby.hearAll();
    ann.unclog();
    lobby.time.pass(A_WHILE);
    lobby.said("last").hearAll();

    assertThat(ann.told).contains(new Joined(epoch, 405, true));
    assertThat(ann.ids()).doesNotHaveDuplicates().hasSize(406).endsWith("own404", "x", "last");
  }

  @Test
  void a_numbering_that_the_log_has_before_the_room_is_awaited() {
    lobby.said("d").hearAll();
    var epoch = lobby.united("x");
    var joining = lobby.join(ann, new Position("e1", 3), 0);
    assertThat(joining.isComplete()).isFalse();
    assertThat(lobby.checks).isEqualTo(1);
    lobby.hearAll();
    lobby.time.pass(A_WHILE);

    assertThat(joining.succeeded()).isTrue();
    assertThat(ann.told).containsExactly(new Joined(epoch, 6, true));
    assertThat(ann.ids()).containsExactly("d", "own5", "x");
  }

  @Test
  void a_numbering_that_the_room_never_hears_of_refuses_the_member_in_the_end() {
    lobby.united("x");
    var joining = lobby.join(ann, new Position("e1", 1), 0);
    lobby.time.pass(A_WHILE);

    assertThat(joining.failed()).isTrue();
    assertThat(lobby.time.planned()).isZero();
  }

  /** Everybody after a member that was closed by a new numbering was never told of it. */
  @Test
  void a_member_that_is_closed_by_a_new_numbering_does_not_keep_it_from_others() {
    lobby.join(ann);
    lobby.join(bob);
    ann.whenTold = () -> lobby.here.leave(ann);
    lobby.united("x");
    lobby.hearAll();

    assertThat(bob.ids()).containsExactly("own4", "x");
    assertThat(ann.seen).isEmpty();
  }

  @Test
  void a_signal_goes_to_members_and_is_spared_its_sender() {
    var heard = new ArrayList<String>();
    Subscriber sender = new Quiet(line -> heard.add("sender " + line));
    Subscriber other = new Quiet(line -> heard.add("other " + line));
    lobby.here.join(sender, null, 0, joined -> {});
    lobby.here.join(other, null, 0, joined -> {});

    lobby.here.on(new RoomEvent.Signals(List.of(new Line(Samples.bytes("typing"), sender))));
    lobby.endTurn();

    assertThat(heard).containsExactly("other typing");
  }
}
