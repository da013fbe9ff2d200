package chat.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.CloseCode;
import chat.parley.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTest extends SessionStage {
  private static final Duration TOO_LONG = SETTINGS.silence().plusMillis(1);

  @Test
  void its_first_frame_says_welcome() {
    var ann = line("ann");

    assertThat(ann.heard()).containsExactly("welcome");
    assertThat(ann.wire.last().getString("user")).isEqualTo("ann");
    assertThat(ann.wire.last().getString("session")).isEqualTo(ann.session.id());
  }

  private long beat(Line line) {
    return on(() -> line.session.heartbeat());
  }

  @Test
  void a_silent_connection_is_probed_and_lives_while_it_answers() {
    var ann = line("ann");
    for (int i = 1; i <= 5; i++) {
      pass(SETTINGS.heartbeat());
      assertThat(beat(ann)).isEqualTo(SETTINGS.heartbeat().toNanos());
      assertThat(ann.wire.probes).isEqualTo(i);
      on(ann.session::alive);
    }

    assertThat(ann.wire.closed).isEmpty();
    assertThat(count("parley.heartbeats")).isEqualTo(5);
  }

  @Test
  void who_has_just_said_something_is_not_probed() {
    var ann = line("ann");
    pass(SETTINGS.heartbeat());
    ann.says("{'type':'ping'}");
    beat(ann);

    assertThat(ann.wire.probes).isZero();
  }

  @Test
  void who_was_silent_for_too_long_is_ended_and_cut_off() {
    var ann = line("ann");
    pass(SETTINGS.silence());
    beat(ann);
    assertThat(ann.wire.closed).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(beat(ann)).isNegative();

    assertThat(ann.wire.last().getInteger("code")).isEqualTo(4408);
    assertThat(ann.wire.last().getBoolean("reconnect")).isTrue();
    assertThat(ann.wire.closed).containsExactly(CloseCode.HEARTBEAT_MISSED);
    assertThat(ann.wire.aborts).isEqualTo(1);
    assertThat(count("parley.connections.silent")).isEqualTo(1);
  }

  @Test
  void a_frame_is_a_sign_of_life_even_a_bad_one() {
    var ann = line("ann");
    pass(TOO_LONG);
    ann.says("no json");
    beat(ann);

    assertThat(ann.wire.closed).isEmpty();
  }

  @Test
  void who_can_not_be_asked_has_to_say_something_by_itself() {
    var ann = line("ann");
    var bob = line("bob");
    ann.wire.answersProbes = false;
    bob.wire.answersProbes = false;
    for (int i = 0; i < 3; i++) {
      pass(SETTINGS.heartbeat());
      ann.says("{'type':'ping'}");
      beat(ann);
      beat(bob);
    }

    assertThat(ann.wire.closed).isEmpty();
    assertThat(bob.wire.closed).containsExactly(CloseCode.HEARTBEAT_MISSED);
    assertThat(count("parley.heartbeats")).isZero();
  }

  @Test
  void a_reader_who_is_slow_but_reads_lives_though_no_answer_comes() {
    var ann = line("ann");
    on(ann.wire::stall);
    on(() -> ann.wire.queued = 9_000);
    for (int i = 0; i < 4; i++) {
      beat(ann);
      pass(SETTINGS.heartbeat());
      on(() -> ann.wire.queued -= 2_000);
    }
    assertThat(ann.wire.closed).isEmpty();

    for (int i = 0; i < 3; i++) {
      beat(ann);
      pass(SETTINGS.heartbeat());
    }
    beat(ann);
    assertThat(ann.wire.closed).containsExactly(CloseCode.HEARTBEAT_MISSED);
  }

  @Test
  void whom_we_do_not_listen_to_is_not_taken_for_dead() {
    var ann = line("ann");
    on(() -> ann.session.reading(false));
    pass(TOO_LONG);
    beat(ann);
    assertThat(ann.wire.closed).isEmpty();

    on(() -> ann.session.reading(true));
    pass(TOO_LONG);
    beat(ann);
    assertThat(ann.wire.closed).containsExactly(CloseCode.HEARTBEAT_MISSED);
  }

  @Test
  void what_others_are_told_is_when_it_was_last_heard() {
    var ann = line("ann");
    long then = ann.session.seen();
    pass(Duration.ofSeconds(50));
    on(ann.session::alive);
    pass(Duration.ofSeconds(7));
    beat(ann);

    long now = java.time.InstantSource.system().millis();
    assertThat(ann.session.seen()).isBetween(then - 7_000, now - 7_000);
  }

  @Test
  void an_ended_session_is_not_probed_and_says_nothing_more() {
    var ann = line("ann");
    on(() -> ann.session.end(CloseCode.LEAVING, 500L));
    int frames = ann.heard().size();
    ann.says("{'type':'ping'}", join("lobby"));
    beat(ann);

    assertThat(ann.heard()).hasSize(frames).endsWith("bye");
    assertThat(ann.wire.probes).isZero();
  }

  @Test
  void it_ends_once_however_often_it_is_told() {
    var ann = line("ann");
    on(() -> {
      ann.session.end(CloseCode.LEAVING, null);
      ann.session.end(CloseCode.TOO_SLOW, null);
      ann.session.closed();
      ann.session.closed();
    });

    assertThat(ann.wire.closed).containsExactly(CloseCode.LEAVING);
    assertThat(ann.heard()).containsExactly("welcome", "bye");
    assertThat(count("parley.connections.closed")).isEqualTo(1);
  }

  @Test
  void who_does_not_take_its_farewell_is_cut_off() {
    var ann = line("ann");
    on(() -> ann.session.end(CloseCode.LEAVING, null));
    assertThat(ann.wire.aborts).isZero();

    Await.until("cut off", Await.SOON, () -> on(() -> ann.wire.aborts) == 1);
  }

  @Test
  void three_bad_frames_in_a_row_end_it() {
    var ann = line("ann").says("no json", "{", "[]");

    assertThat(ann.heard()).containsExactly("welcome", "error", "error", "error", "bye");
    assertThat(ann.wire.closed).containsExactly(CloseCode.TOO_MANY_BAD_FRAMES);
  }

  @Test
  void a_good_frame_in_between_makes_up_for_bad_ones() {
    var ann = line("ann").says("no json", "{", "{'type':'ping'}", "no json", "{");

    assertThat(ann.wire.closed).isEmpty();
    assertThat(ann.heard()).endsWith("pong", "error", "error");
  }

  @Test
  void mistakes_that_are_understood_do_not_count_as_bad_frames() {
    var notJoined = publish("lobby", "x");
    var ann = line("ann").says(notJoined, notJoined, notJoined, notJoined);

    assertThat(ann.wire.closed).isEmpty();
    assertThat(ann.wire.last().getString("code")).isEqualTo("not_joined");
  }

  @Test
  void a_slow_reader_is_closed_and_counted() {
    var ann = line("ann");
    var bob = line("bob").says(join("lobby"));
    ann.says(join("lobby"));
    on(ann.wire::stall);
    for (int i = 0; i < 20; i++) {
      bob.says(publish("lobby", "x".repeat(1_000)));
    }

    assertThat(ann.wire.closed).containsExactly(CloseCode.TOO_SLOW);
    assertThat(ann.heard()).endsWith("bye");
    assertThat(count("parley.connections.slow")).isEqualTo(1);
    assertThat(bob.heard().stream().filter("message"::equals)).hasSize(20);
    Await.until("cut off", Await.SOON, () -> on(() -> ann.wire.aborts) == 1);
  }

  @Test
  void too_much_in_one_turn_is_no_slowness_if_it_can_be_flushed() {
    var ann = line("ann");
    on(() -> {
      ann.wire.queued = SETTINGS.outboxBytes();
      ann.session.received(frame("{'type':'ping'}"));
    });

    assertThat(ann.wire.closed).isEmpty();
  }

  @Test
  void a_full_outbox_makes_whoever_catches_up_wait_for_it() {
    var ann = line("ann");
    assertThat(on(() -> ann.session.ready()).isComplete()).isTrue();
    on(() -> ann.wire.queued = SETTINGS.outboxBytes());

    var ready = on(() -> ann.session.ready());
    assertThat(ready.isComplete()).isFalse();
    ann.wire.drained.complete();
    assertThat(ready.succeeded()).isTrue();
  }

  @Test
  void nothing_but_auth_and_ping_is_served_before_it_has_a_name() {
    var wire = new Wiretap();
    var session = on(() -> Session.nameless(host(SETTINGS), wire));
    on(() -> {
      session.received(frame("{'type':'ping'}"));
      session.received(frame(join("lobby")));
      session.received(frame("{'type':'auth','ref':7,'token':'ann'}"));
      session.received(frame(join("lobby")));
    });
    settle();

    assertThat(wire.types()).containsExactly("pong", "error", "authenticated", "welcome", "joined");
    assertThat(wire.sent.get(1).getString("code")).isEqualTo("unauthenticated");
  }

  private static byte[] frame(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_fresh_token_has_to_be_the_same_users() {
    var ann = line("ann").says("{'type':'auth','token':'bob'}", "{'type':'auth','token':'ann'}");

    assertThat(ann.heard()).containsExactly("welcome", "error", "authenticated");
    assertThat(ann.wire.sent.get(1).getString("code")).isEqualTo("forbidden");
  }

  @Test
  void a_token_that_runs_out_ends_it() {
    var wire = new Wiretap();
    long soon = java.time.InstantSource.system().millis() + 100;
    on(() -> Session.of(host(SETTINGS), wire, identity("ann", soon)));

    Await.until("the end", Await.SOON, () -> on(() -> !wire.closed.isEmpty()));
    assertThat(wire.closed).containsExactly(CloseCode.TOKEN_EXPIRED);
  }

  @Test
  void a_token_that_ends_soon_is_said_so_first() {
    var wire = new Wiretap();
    long end = java.time.InstantSource.system().millis() + 1_000;
    var settings = settings(Duration.ofMillis(900));
    on(() -> Session.of(host(settings), wire, identity("ann", end)));

    Await.until("the end", Await.SOON, () -> on(() -> !wire.closed.isEmpty()));
    assertThat(wire.types()).containsExactly("welcome", "expiring", "bye");
    assertThat(wire.sent.get(1).getLong("expires")).isEqualTo(end);
  }

  private static SessionSettings settings(Duration warning) {
    return new SessionSettings(
        65_536, 3, Rates.NONE, 10_000, 4, 3, SETTINGS.heartbeat(), SETTINGS.silence(), warning);
  }
}
