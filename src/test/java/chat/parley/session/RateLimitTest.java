package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.metrics.Limit;
import chat.parley.protocol.CloseCode;
import chat.parley.testing.Await;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class RateLimitTest extends SessionStage {
  private static final int REFUSALS = 30;

  private static SessionSettings limited(Rates rates) {
    return new SessionSettings(
        65_536,
        3,
        rates,
        10_000,
        4,
        1_000,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ZERO);
  }

  private static Rates rates(int messages, int bytes, int joins, int reads, int others) {
    return new Rates(messages, bytes, joins, reads, others, REFUSALS, 0, 0, 0);
  }

  private Line line(Rates rates) {
    return new Line("ann", limited(rates));
  }

  private static String[] times(int n, String frame) {
    return Collections.nCopies(n, frame).toArray(String[]::new);
  }

  private static long answers(Line line, String type) {
    return line.heard().stream().filter(type::equals).count();
  }

  private static long refused(Line line) {
    return line.wire.sent.stream()
        .filter(frame -> "rate_limited".equals(frame.getString("code")))
        .filter(frame -> frame.getLong("retryAfter") > 0)
        .count();
  }

  @Test
  void joins_have_a_rate_and_as_many_rooms_as_allowed_may_be_joined_at_once() {
    var ann = line(rates(0, 0, 1, 0, 0)).says(times(5, join("lobby")));

    assertThat(answers(ann, "joined")).isEqualTo(3);
    assertThat(refused(ann)).isEqualTo(2);
    assertThat(limited(Limit.JOINS)).isEqualTo(2);
    pass(Duration.ofSeconds(1));
    assertThat(answers(ann.says(join("lobby")), "joined")).isEqualTo(4);
  }

  @Test
  void reading_history_has_a_rate() {
    var read = "{'type':'history','ref':7,'room':'lobby'}";
    var ann = line(rates(0, 0, 0, 2, 0)).says(join("lobby")).says(times(6, read));

    assertThat(answers(ann, "history")).isEqualTo(4);
    assertThat(refused(ann)).isEqualTo(2);
    assertThat(ann.wire.last().getInteger("ref")).isEqualTo(7);
    assertThat(ann.wire.last().getString("room")).isEqualTo("lobby");
  }

  @Test
  void bytes_have_a_rate_whatever_they_are() {
    var ann = line(rates(0, 1_000, 0, 0, 0)).says(join("lobby"));
    ann.says(times(4, publish("lobby", "x".repeat(500))));

    assertThat(answers(ann, "ack")).isEqualTo(3);
    assertThat(refused(ann)).isEqualTo(1);
    assertThat(limited(Limit.BYTES)).isEqualTo(1);
    pass(Duration.ofSeconds(2));
    ann.says(publish("lobby", "x".repeat(1_900)));
    assertThat(answers(ann, "ack")).isEqualTo(4);
  }

  @Test
  void a_frame_longer_than_the_burst_passes_after_a_pause() {
    var ann = line(rates(0, 100, 0, 0, 0)).says(join("lobby"));
    pass(Duration.ofSeconds(10));
    ann.says(publish("lobby", "x".repeat(1_000)));
    assertThat(answers(ann, "ack")).isEqualTo(1);

    ann.says("{'type':'ping'}");
    assertThat(refused(ann)).isEqualTo(1);
    assertThat(ann.wire.last().getLong("retryAfter")).isGreaterThan(8_000);
  }

  @Test
  void pings_have_a_rate_and_control_frames_take_from_it() {
    var ann = line(rates(0, 0, 0, 0, 2));
    on(() -> ann.session.control(0));
    on(() -> ann.session.control(125));
    ann.says(times(4, "{'type':'ping','ref':1}"));

    assertThat(answers(ann, "pong")).isEqualTo(2);
    assertThat(refused(ann)).isEqualTo(2);
  }

  @Test
  void who_goes_on_after_many_refusals_is_not_read_for_a_moment() {
    var ann = line(rates(1, 0, 0, 0, 0)).says(join("lobby"));
    ann.says(times(2 + RateLimit.PATIENCE - 1, publish("lobby", "x")));
    assertThat(ann.wire.reading).isEmpty();
    ann.says(publish("lobby", "x"));
    assertThat(ann.wire.reading).containsExactly(false);

    Await.until("reading on", Await.SOON, () -> on(() -> ann.wire.reading.size()) == 2);
    assertThat(ann.wire.reading).containsExactly(false, true);
  }

  @Test
  void who_floods_is_closed_and_kept_out_for_a_while() {
    var ann = line(rates(1, 0, 0, 0, 0)).says(join("lobby"));
    ann.says(times(2 + REFUSALS, publish("lobby", "x")));

    assertThat(ann.wire.closed).containsExactly(CloseCode.FLOODING);
    assertThat(ann.wire.last().getLong("reconnectAfter")).isEqualTo(10_000);
    assertThat(ann.wire.last().getBoolean("reconnect")).isTrue();
    assertThat(budgets.shutFor("ann")).isEqualTo(RateLimit.SHUT);
    assertThat(budgets.shutFor("bob")).isZero();
    pass(RateLimit.SHUT);
    assertThat(budgets.shutFor("ann")).isZero();
  }

  @Test
  void refusals_that_lie_apart_are_no_flood() {
    var ann = line(rates(1, 0, 0, 0, 0)).says(join("lobby"));
    for (int i = 0; i < 5; i++) {
      ann.says(times(REFUSALS - 5, publish("lobby", "x")));
      pass(RateLimit.WINDOW.plusMillis(1));
    }

    assertThat(ann.wire.closed).isEmpty();
  }

  @Test
  void frames_that_are_refused_for_other_reasons_count_too() {
    var ann = line(rates(0, 0, 0, 0, 1)).says(times(2 + REFUSALS, "{'type':'nothing'}"));

    assertThat(ann.wire.closed).containsExactly(CloseCode.FLOODING);
  }

  @Test
  void parts_of_a_frame_cost_bytes() {
    var ann = line(rates(0, 1_000, 0, 0, 0));
    on(() -> {
      for (int i = 0; i < 1_000; i++) {
        ann.session.part(64);
      }
    });

    assertThat(ann.wire.closed).containsExactly(CloseCode.FLOODING);
  }

  @Test
  void all_connections_of_a_user_share_what_the_user_may_say() {
    budgets = budgets(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0), "n1");
    var together = limited(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0));
    var one = new Line("ann", together).says(join("lobby"));
    var two = new Line("ann", together).says(join("lobby"));
    var bob = new Line("bob", together).says(join("lobby"));
    one.says(times(3, publish("lobby", "x")));
    two.says(times(3, publish("lobby", "x")));
    bob.says(times(3, publish("lobby", "x")));

    assertThat(answers(one, "ack") + answers(two, "ack")).isEqualTo(4);
    assertThat(answers(bob, "ack")).isEqualTo(3);
    assertThat(limited(Limit.USER_MESSAGES)).isEqualTo(2);
  }

  @Test
  void a_new_connection_brings_a_user_nothing_new_to_say() {
    budgets = budgets(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0), "n1");
    var settings = limited(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0));
    long acks = 0;
    for (int i = 0; i < 5; i++) {
      var again =
          new Line("ann", settings).says(join("lobby")).says(times(4, publish("lobby", "x")));
      acks += answers(again, "ack");
      on(again.session::closed);
    }

    assertThat(acks).isEqualTo(4);
  }

  @Test
  void a_user_on_two_nodes_has_half_on_each() {
    budgets = budgets(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0), "n1", "n2", "n1");
    var ann = new Line("ann", limited(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0)))
        .says(join("lobby"))
        .says(times(8, publish("lobby", "x")));

    // The burst is the same, and then it is one a second here.
    long burst = answers(ann, "ack");
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofSeconds(1));
      ann.says(times(3, publish("lobby", "x")));
    }
    assertThat(answers(ann, "ack") - burst).isEqualTo(4);
  }

  @Test
  void a_user_may_come_only_so_often() {
    budgets = budgets(new Rates(0, 0, 0, 0, 0, 0, 0, 0, 2), "n1");
    int let = 0;
    for (int i = 0; i < 10; i++) {
      let += budgets.admit("ann").succeeded() ? 1 : 0;
    }
    assertThat(let).isEqualTo(4);
    assertThat(budgets.admit("bob").succeeded()).isTrue();
    assertThat(limited(Limit.OPENS)).isEqualTo(6);
    pass(Duration.ofMillis(500));
    assertThat(budgets.admit("ann").succeeded()).isTrue();
    assertThat(budgets.admit("ann").cause()).hasMessageContaining("more than 2 new connections");
  }

  @Test
  void who_comes_back_for_more_of_what_ended_the_connection_is_kept_out() {
    budgets = budgets(Rates.NONE, "n1");
    for (int i = 0; i < 3; i++) {
      var ann = line(Rates.NONE);
      on(() -> ann.session.end(CloseCode.TOO_BIG, null));
      assertThat(budgets.admit("ann").succeeded()).isTrue();
    }
    var again = line(Rates.NONE);
    on(() -> again.session.end(CloseCode.TOO_BIG, null));

    assertThat(budgets.admit("ann").cause()).hasMessageContaining("flooding");
    assertThat(budgets.admit("bob").succeeded()).isTrue();
    pass(RateLimit.SHUT.plusSeconds(1));
    assertThat(budgets.admit("ann").succeeded()).isTrue();
  }

  @Test
  void a_refused_frame_that_is_long_tries_the_patience_more() {
    var ann = line(rates(0, 10_000, 0, 0, 0));
    var frame = publish("lobby", "x".repeat(8_200));
    ann.says(join("lobby")).says(times(9, frame));

    // Two fit; of those behind them, six or seven are as much as twenty short ones.
    assertThat(refused(ann)).isEqualTo(7);
    assertThat(ann.wire.reading).containsExactly(false);
  }

  @Test
  void a_budget_that_is_full_again_is_forgotten() {
    budgets = budgets(new Rates(0, 0, 0, 0, 0, 0, 2, 0, 0), "n1");
    for (int i = 0; i < 100; i++) {
      budgets.of("user-" + i).message(clock().getAsLong());
    }
    assertThat(budgets.size()).isEqualTo(100);
    pass(Duration.ofSeconds(11));
    budgets.of("another");

    assertThat(budgets.size()).isEqualTo(1);
  }

  @Test
  void a_reader_who_lags_is_spared_signals_and_gets_the_messages() {
    var bob = line("bob").says(join("lobby"));
    var ann = line("ann").says(join("lobby"));
    var signal = "{'type':'signal','room':'lobby','name':'typing'}";
    bob.says(signal);
    assertThat(answers(ann, "signal")).isEqualTo(1);
    on(() -> {
      ann.wire.stall();
      ann.wire.queued = SETTINGS.outboxBytes() / 2 + 1L;
    });
    bob.says(signal, publish("lobby", "one"), signal, publish("lobby", "two"));

    assertThat(answers(ann, "signal")).isEqualTo(1);
    assertThat(answers(ann, "message")).isEqualTo(2);
    assertThat(count("parley.frames.dropped")).isEqualTo(2);
    on(() -> ann.wire.queued = 0);
    bob.says(signal);
    assertThat(answers(ann, "signal")).isEqualTo(2);
  }
}
