package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.testing.Violation.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CheckerTest {
  /** Sends a, b and c, which are accepted at 1, 2 and 3. */
  private final Diary ann = new Diary("ann").joined("e1", 0);

  private final Diary bob = new Diary("bob").joined("e1", 0);

  private static Verdict check(Diary... diaries) {
    return Checker.strict().check(Stream.of(diaries).map(Diary::journal).toList());
  }

  private static void caught(Kind kind, Diary... diaries) {
    assertThat(check(diaries).violations()).extracting(Violation::kind).contains(kind);
  }

  private static void clean(Diary... diaries) {
    check(diaries).assertClean();
  }

  private Diary annSends(String... ids) {
    var seq = 0;
    for (var id : ids) {
      ann.sent(id).got("e1", ++seq, id).acked("e1", seq, id);
    }
    return ann;
  }

  @Test
  void a_clean_history_passes_and_is_counted() {
    annSends("a", "b", "c");
    bob.got("e1", 1, "a")
        .ended()
        .connected()
        .resumed("e1", 3, 1)
        .got("e1", 2, "b")
        .got("e1", 3, "c");
    var carl = new Diary("carl").joinedWithLast("e1", 3, 2).got("e1", 2, "b").got("e1", 3, "c");

    var verdict = check(ann, bob, carl).assertClean();

    assertThat(verdict.figures())
        .isEqualTo(
            "sent 3, acked 3, received 8, judged 6, resumed 1, renumbered 0, gaps 0, violations 0");
  }

  @Test
  void an_acked_message_that_a_member_never_saw_is_lost() {
    annSends("a", "b");
    caught(Kind.LOST, ann, bob.got("e1", 1, "a"));
  }

  @Test
  void an_acked_message_that_a_resumed_member_never_saw_is_lost() {
    annSends("a", "b");
    caught(Kind.LOST, ann, bob.got("e1", 1, "a").ended().connected().resumed("e1", 2, 1));
  }

  @Test
  void an_acked_message_that_vanished_from_everywhere_is_lost() {
    ann.sent("a").acked("e1", 1, "a");
    caught(Kind.LOST, ann);
  }

  @Test
  void who_left_or_stayed_away_is_owed_nothing() {
    annSends("a", "b");
    clean(ann, bob.got("e1", 1, "a").left(), new Diary("carl").joined("e1", 0).ended());
  }

  @Test
  void who_came_later_is_owed_nothing_earlier() {
    annSends("a", "b");
    clean(ann, new Diary("carl").joined("e1", 2));
  }

  @Test
  void a_publish_that_was_not_acked_may_be_lost_or_not() {
    clean(
        annSends("a").sent("x").sent("y").got("e1", 2, "y"),
        bob.got("e1", 1, "a").got("e1", 2, "y"));
  }

  @Test
  void what_one_member_saw_all_see() {
    annSends("a").sent("b").got("e1", 2, "b");
    caught(Kind.MISSED, ann, bob.got("e1", 1, "a"));
  }

  @Test
  void a_message_that_comes_twice_is_caught() {
    caught(Kind.TWICE, annSends("a"), bob.got("e1", 1, "a").got("e1", 1, "a"));
    caught(Kind.TWICE, ann, new Diary("carl").joined("e1", 0).got("e1", 1, "a").got("e1", 2, "a"));
  }

  @Test
  void a_hole_is_caught() {
    caught(Kind.HOLE, annSends("a", "b", "c"), bob.got("e1", 1, "a").got("e1", 3, "c"));
  }

  @Test
  void a_hole_after_joining_is_caught() {
    caught(Kind.HOLE, annSends("a", "b"), bob.got("e1", 2, "b"));
    caught(Kind.HOLE, ann, new Diary("carl").joinedWithLast("e1", 0, 5).got("e1", 2, "b"));
  }

  @Test
  void a_hole_after_resuming_is_caught() {
    annSends("a", "b", "c");
    caught(
        Kind.HOLE,
        ann,
        bob.got("e1", 1, "a").ended().connected().resumed("e1", 3, 1).got("e1", 3, "c"));
  }

  @Test
  void messages_out_of_order_are_caught() {
    annSends("a", "b");
    caught(Kind.OUT_OF_ORDER, ann, bob.got("e1", 2, "b").got("e1", 1, "a"));
  }

  @Test
  void two_messages_at_one_position_are_caught() {
    annSends("a").sent("x");
    caught(Kind.DISAGREE, ann, bob.got("e1", 1, "x"));
  }

  @Test
  void one_message_at_two_positions_is_caught() {
    annSends("a", "b");
    caught(Kind.DISAGREE, ann, new Diary("carl").joined("e1", 2).got("e1", 3, "b"));
  }

  @Test
  void an_ack_that_tells_another_position_is_caught() {
    ann.sent("a").got("e1", 1, "a").acked("e1", 2, "a");
    caught(Kind.WRONG_ACK, ann);
  }

  @Test
  void an_ack_that_claims_another_messages_position_is_caught() {
    annSends("a").sent("b").acked("e1", 1, "b");
    caught(Kind.WRONG_ACK, ann);
  }

  @Test
  void a_repeat_is_acked_as_such() {
    annSends("a").sent("a").acked(2, "e1", 1, "a", true);
    clean(ann);
    ann.sent("a").acked(3, "e1", 1, "a", false);
    caught(Kind.ACKED_TWICE, ann);
  }

  @Test
  void a_sessions_order_is_kept_by_acks() {
    ann.sent("a").sent("b").got("e1", 1, "b").got("e1", 2, "a");
    ann.acked(2, "e1", 1, "b", false).acked(1, "e1", 2, "a", false);
    caught(Kind.OWN_ORDER, ann);
  }

  @Test
  void a_sessions_order_is_kept_without_acks() {
    caught(Kind.OWN_ORDER, ann.sent("a").sent("b").got("e1", 1, "b").got("e1", 2, "a"));
  }

  @Test
  void a_retry_may_come_in_behind() {
    ann.sent("a").sent("b").got("e1", 1, "b").acked(2, "e1", 1, "b", false);
    clean(ann.sent("a").got("e1", 2, "a").acked(3, "e1", 2, "a", false));
  }

  @Test
  void a_head_that_falls_back_is_caught() {
    annSends("a", "b");
    bob.got("e1", 1, "a").got("e1", 2, "b").ended().connected().resumed("e1", 1, 2);
    caught(Kind.HEAD_BEHIND, ann, bob);
  }

  @Test
  void a_message_of_a_numbering_nobody_announced_is_caught() {
    caught(Kind.UNKNOWN_EPOCH, annSends("a"), bob.got("e2", 1, "a"));
  }

  @Test
  void a_message_to_a_stranger_is_caught() {
    annSends("a", "b");
    caught(Kind.NOT_MEMBER, ann, bob.got("e1", 1, "a").left().got("e1", 2, "b"));
    caught(Kind.NOT_MEMBER, ann, new Diary("carl").got("e1", 1, "a"));
  }

  @Test
  void a_message_that_nobody_sent_is_caught() {
    caught(Kind.NEVER_SENT, ann.got("e1", 1, "ghost"));
  }

  @Test
  void a_message_that_changed_on_its_way_is_caught() {
    caught(Kind.ALTERED, annSends("a"), bob.got("e1", 1, "a", "\"A\""));
  }

  @Test
  void own_messages_without_echo_leave_no_hole() {
    ann.sentWithoutEcho("a").acked("e1", 1, "a").sent("b").got("e1", 2, "b").acked("e1", 2, "b");
    clean(ann, bob.got("e1", 1, "a").got("e1", 2, "b"));
  }

  @Test
  void what_was_sent_before_the_welcome_came_is_of_that_connection() {
    ann.ended().sentWithoutEcho("a").connected().resumed("e1", 0, 0).acked("e1", 1, "a");
    clean(ann.sent("b").got("e1", 2, "b").acked("e1", 2, "b"));
  }

  @Test
  void a_new_numbering_may_repeat_what_was_seen() {
    annSends("a", "b").told("e2", 3).got("e2", 2, "b");
    ann.sent("c").got("e2", 3, "c").acked("e2", 3, "c");
    bob.got("e1", 1, "a").got("e1", 2, "b").told("e2", 3).got("e2", 3, "c");

    assertThat(check(ann, bob).assertClean().renumbered()).isEqualTo(2);
  }

  @Test
  void a_message_lost_in_a_new_numbering_is_caught() {
    annSends("a", "b").told("e2", 1);
    caught(Kind.LOST, ann, bob.got("e1", 1, "a").told("e2", 1).got("e2", 1, "a"));
  }

  @Test
  void a_hole_in_a_new_numbering_is_caught() {
    annSends("a", "b", "c").told("e2", 3).got("e2", 1, "a").got("e2", 3, "c");
    caught(Kind.HOLE, ann);
  }

  @Test
  void members_left_in_different_numberings_are_caught() {
    caught(Kind.PARTED, ann.told("e2", 0), bob);
  }

  @Test
  void a_membership_that_could_not_be_resumed_begins_anew() {
    annSends("a", "b", "c");
    var verdict = check(ann, bob.got("e1", 1, "a").ended().connected().notResumed("e1", 3, 1))
        .assertClean();
    assertThat(verdict.gaps()).isEqualTo(1);
  }

  @Test
  void history_must_hold_what_was_acked() {
    annSends("a", "b", "c");
    clean(ann, new Diary("carl").read("e1", 1, "a", "b", "c"));
    clean(ann, new Diary("carl").read("e1", 2, "b", "c"));
    caught(Kind.LOST, ann, new Diary("carl").read("e1", 1, "a", "b"));
    caught(Kind.TWICE, ann, new Diary("carl").read("e1", 1, "a", "b", "b"));
    caught(Kind.DISAGREE, ann, new Diary("carl").read("e1", 1, "a", "c", "b"));
  }

  @Test
  void a_fork_is_allowed_where_it_is_and_only_until_the_merge() {
    var side = Checker.allowingForks();
    annSends("a").told("e2", 2).got("e2", 2, "b");
    var twin = new Diary("ann")
        .joined("e1", 0)
        .sent("b")
        .got("e1", 1, "b")
        .acked("e1", 1, "b")
        .told("e2", 2);

    assertThat(side.check(
                Stream.of(ann, twin.got("e2", 1, "a")).map(Diary::journal).toList())
            .violations())
        .isEmpty();
    caught(Kind.DISAGREE, ann, twin);
    twin.got("e2", 2, "a");
    assertThat(side.check(Stream.of(ann, twin).map(Diary::journal).toList()).violations())
        .isNotEmpty();
  }

  @Test
  void a_verdict_shows_what_is_wrong() {
    var verdict = check(annSends("a", "b"), bob.got("e1", 1, "a"));
    assertThatThrownBy(verdict::assertClean)
        .hasMessageContainingAll("{LOST=1}", "LOST in r, bob: ann's b, acked at e1/2, never came");
  }
}
