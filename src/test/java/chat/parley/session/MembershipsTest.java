package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.auth.Access;
import chat.parley.auth.Identity;
import chat.parley.auth.Identity.Role;
import chat.parley.auth.RoomRule;
import chat.parley.metrics.Limit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MembershipsTest extends SessionStage {
  private static final String SINCE_START =
      "{'type':'join','ref':9,'room':'lobby','since':{'epoch':'%s','seq':0}}";

  private static String leave(String room) {
    return "{'type':'leave','ref':3,'room':'" + room + "'}";
  }

  /** The lobby with so many messages in it. @return its epoch */
  private String lobbyWith(int messages) {
    var bob = line("bob").says(join("lobby"));
    for (int i = 0; i < messages; i++) {
      bob.says(publish("lobby", "m" + i));
    }
    var epoch = bob.wire.sent.get(1).getString("epoch");
    on(bob.session::closed);
    return epoch;
  }

  @Test
  void what_is_said_right_behind_a_join_need_not_wait_for_its_answer() {
    on(cluster::hold);
    var ann = line("ann").says(join("lobby"), publish("lobby", "hello"));
    assertThat(ann.heard()).containsExactly("welcome");
    on(cluster::release);
    settle();

    assertThat(ann.heard()).contains("joined", "ack", "message");
  }

  @Test
  void reading_stops_while_too_much_waits_for_its_ack_and_goes_on_after() {
    var ann = line("ann").says(join("lobby"));
    on(cluster::hold);
    ann.says(publish("lobby", "1"), publish("lobby", "2"), publish("lobby", "3"));
    assertThat(ann.wire.reading).isEmpty();
    ann.says(publish("lobby", "4"));
    assertThat(ann.wire.reading).containsExactly(false);
    on(cluster::release);
    settle();

    assertThat(ann.wire.reading).containsExactly(false, true);
    assertThat(ann.heard().stream().filter("ack"::equals)).hasSize(4);
  }

  @Test
  void who_left_while_joining_is_told_that_it_did_not_and_hears_nothing() {
    on(cluster::hold);
    var ann = line("ann").says(join("lobby"), leave("lobby"));
    on(cluster::release);
    settle();
    line("bob").says(join("lobby"), publish("lobby", "hello"));

    assertThat(ann.heard()).containsExactly("welcome", "error", "left");
    assertOvertaken(ann, 1);
  }

  @Test
  void who_was_closed_while_joining_hears_nothing() {
    on(cluster::hold);
    var ann = line("ann").says(join("lobby"));
    on(ann.session::closed);
    on(cluster::release);
    settle();
    line("bob").says(join("lobby"), publish("lobby", "hello"));

    assertThat(ann.heard()).containsExactly("welcome");
  }

  /** The first joining, once it was through, took the session out of the room that the second had brought it into. */
  @Test
  void joining_again_before_the_first_answer_ends_in_the_room() {
    var epoch = lobbyWith(2);
    on(cluster::hold);
    var ann = line("ann").says(SINCE_START.formatted(epoch), join("lobby"));
    on(cluster::release);
    settle();
    line("bob").says(join("lobby"), publish("lobby", "hello"));

    assertThat(ann.heard()).containsExactly("welcome", "error", "joined", "message");
    assertOvertaken(ann, 9);
  }

  /** The first answer that is heard is to the join with this ref, and says what became of it. */
  private static void assertOvertaken(Line line, int ref) {
    var answer = line.wire.sent.get(1);
    assertThat(answer.getInteger("ref")).isEqualTo(ref);
    assertThat(answer.getString("room")).isEqualTo("lobby");
    assertThat(answer.getString("code")).isEqualTo("not_joined");
    assertThat(answer.getString("message")).contains("before this join was answered");
  }

  @Test
  void an_overtaken_join_without_a_ref_is_not_mistaken_for_the_next_one() {
    on(cluster::hold);
    var ann = line("ann").says("{'type':'join','room':'lobby'}", "{'type':'join','room':'lobby'}");
    on(cluster::release);
    settle();

    assertThat(ann.heard()).containsExactly("welcome", "joined");
  }

  @Test
  void who_is_put_out_while_joining_has_its_answer_first() {
    on(cluster::hold);
    var ann = line("ann").says(join("lobby"));
    tokens.put("narrow", new Identity("ann", null, null, List.of("b"), Role.MEMBER));
    ann.says("{'type':'auth','token':'narrow'}");
    on(cluster::release);
    settle();

    assertThat(ann.heard()).containsExactly("welcome", "authenticated", "error", "left");
  }

  @Test
  void joining_again_while_catching_up_begins_anew_and_gets_everything_once() {
    var epoch = lobbyWith(3);
    line("carl").says(join("lobby"));
    on(cluster::hold);
    var ann = line("ann").says(SINCE_START.formatted(epoch));
    ann.says(SINCE_START.formatted(epoch));
    on(cluster::release);
    settle();

    assertThat(ann.heard())
        .containsExactly("welcome", "error", "joined", "message", "message", "message");
    assertOvertaken(ann, 9);
  }

  @Test
  void joining_again_when_in_begins_anew() {
    var epoch = lobbyWith(2);
    var ann = line("ann").says(join("lobby"), SINCE_START.formatted(epoch));
    line("bob").says(join("lobby"), publish("lobby", "hello"));

    assertThat(ann.heard())
        .containsExactly("welcome", "joined", "joined", "message", "message", "message");
  }

  @Test
  void a_join_that_the_cluster_refuses_leaves_the_session_outside() {
    on(() -> cluster.refuse(true));
    var ann = line("ann").says(join("lobby"));
    assertThat(ann.wire.last().getString("code")).isEqualTo("unavailable");
    assertThat(ann.wire.last().getLong("retryAfter")).isPositive();
    ann.says(publish("lobby", "hello"));
    assertThat(ann.wire.last().getString("code")).isEqualTo("not_joined");
    on(() -> cluster.refuse(false));
    ann.says(join("lobby"));

    assertThat(ann.heard()).endsWith("joined");
  }

  @Test
  void a_refused_publish_is_answered_with_its_ref() {
    var ann = line("ann").says(join("lobby"));
    on(() -> cluster.refuse(true));
    ann.says(publish("lobby", "hello"));

    assertThat(ann.wire.last().getString("code")).isEqualTo("unavailable");
    assertThat(ann.wire.last().getInteger("ref")).isEqualTo(2);
  }

  @Test
  void rooms_at_a_time_are_limited_and_joining_again_is_no_further_one() {
    var ann = line("ann").says(join("a"), join("b"), join("c"), join("c"), join("d"));

    assertThat(ann.heard())
        .containsExactly("welcome", "joined", "joined", "joined", "joined", "error");
    assertThat(ann.wire.last().getString("code")).isEqualTo("too_many_rooms");
    ann.says(leave("a"), join("d"));
    assertThat(ann.heard()).endsWith("left", "joined");
  }

  @Test
  void who_says_too_much_is_told_when_to_go_on() {
    var slow = new SessionSettings(
        65_536,
        3,
        new Rates(1, 0, 0, 0, 0, 0, 0, 0, 0),
        10_000,
        4,
        3,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ZERO);
    var ann = new Line("ann", slow)
        .says(join("lobby"), publish("lobby", "1"), publish("lobby", "2"), publish("lobby", "3"));

    var refused = ann.wire.sent.stream()
        .filter(frame -> frame.getString("type").equals("error"))
        .toList();
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().getString("code")).isEqualTo("rate_limited");
    assertThat(refused.getFirst().getLong("retryAfter")).isEqualTo(1_000);
    assertThat(limited(Limit.MESSAGES)).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    ann.says(publish("lobby", "4"));
    assertThat(ann.heard().stream().filter("ack"::equals)).hasSize(3);
  }

  @Test
  void a_closed_session_is_in_no_room_any_more() {
    var ann = line("ann").says(join("lobby"));
    on(ann.session::closed);
    line("bob").says(join("lobby"), publish("lobby", "hello"));

    assertThat(ann.heard()).containsExactly("welcome", "joined");
  }

  @Test
  void an_unanswered_publish_of_a_closed_session_is_no_trouble() {
    var ann = line("ann").says(join("lobby"));
    on(cluster::hold);
    ann.says(publish("lobby", "hello"));
    on(ann.session::closed);
    on(cluster::release);
    settle();

    assertThat(ann.heard()).containsExactly("welcome", "joined");
    assertThat(
            line("bob").says("{'type':'join','ref':1,'room':'lobby','last':10}").heard())
        .containsExactly("welcome", "joined", "message");
  }

  @Test
  void what_a_rule_does_not_allow_is_forbidden_and_says_what_is_missing() {
    access = rules("news publish=moderators history=none presence=admins", "staff join=moderators");
    var ann = line("ann").says(join("staff"), join("news"), publish("news", "x"));
    ann.says(
        "{'type':'signal','room':'news','name':'typing'}",
        "{'type':'history','room':'news'}",
        "{'type':'presence','room':'news'}");

    assertThat(ann.heard())
        .containsExactly("welcome", "error", "joined", "error", "error", "error", "error");
    assertThat(ann.wire.sent.stream().filter(frame -> frame.getString("type").equals("error")))
        .allMatch(frame -> frame.getString("code").equals("forbidden"));
    assertThat(ann.wire.sent.get(3).getString("message"))
        .isEqualTo("in this room publish needs a token with the role moderator or admin");
  }

  private static Access rules(String... rules) {
    return new Access(
        Arrays.stream(rules)
            .map(rule -> Objects.requireNonNull(RoomRule.parse(rule)))
            .toList(),
        null);
  }

  @Test
  void rooms_that_a_fresh_token_does_not_allow_are_left() {
    var ann = line("ann").says(join("a"), join("b"));
    tokens.put("narrow", new Identity("ann", null, null, List.of("b"), Role.MEMBER));
    ann.says("{'type':'auth','token':'narrow'}");
    line("bob").says(join("a"), publish("a", "unheard"), join("b"), publish("b", "heard"));

    assertThat(ann.heard())
        .containsExactly("welcome", "joined", "joined", "authenticated", "left", "message");
    var left = ann.wire.sent.get(4);
    assertThat(left.getString("room")).isEqualTo("a");
    assertThat(left.getString("reason")).isEqualTo("forbidden");
    ann.says(join("a"));
    assertThat(ann.wire.last().getString("code")).isEqualTo("forbidden");
  }

  @Test
  void a_direct_room_is_one_room_for_its_two_and_none_for_others() {
    var ann = line("ann").says(join("dm:bob:ann"));
    var bob = line("bob").says(join("dm:ann:bob"), publish("dm:bob:ann", "psst"));
    var eve = line("eve").says(join("dm:ann:bob"), join("dm:bob:ann"));

    assertThat(ann.heard()).containsExactly("welcome", "joined", "message");
    assertThat(ann.wire.last().getString("room")).isEqualTo("dm:ann:bob");
    assertThat(bob.heard()).contains("ack", "message");
    assertThat(eve.heard()).containsExactly("welcome", "error", "error");
    assertThat(eve.wire.last().getString("code")).isEqualTo("forbidden");
  }
}
