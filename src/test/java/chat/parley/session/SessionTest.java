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

  @Test
  void a_silent_connection_is_probed_and_lives_while_it_answers() {
    var ann = line("ann");
    on(ann.session::heartbeat);

    assertThat(ann.wire.probes).isEqualTo(1);
    assertThat(ann.wire.closed).isEmpty();
  }

  @Test
  void who_was_silent_for_too_long_is_ended_and_cut_off() {
    var ann = line("ann");
    pass(SETTINGS.silence());
    on(ann.session::heartbeat);
    assertThat(ann.wire.closed).isEmpty();
    pass(Duration.ofMillis(1));
    on(ann.session::heartbeat);

    assertThat(ann.wire.last().getInteger("code")).isEqualTo(4408);
    assertThat(ann.wire.last().getBoolean("reconnect")).isTrue();
    assertThat(ann.wire.closed).containsExactly(CloseCode.HEARTBEAT_MISSED);
    assertThat(ann.wire.aborts).isEqualTo(1);
  }

  @Test
  void a_frame_is_a_sign_of_life_even_a_bad_one() {
    var ann = line("ann");
    pass(TOO_LONG);
    ann.says("no json");
    on(ann.session::heartbeat);

    assertThat(ann.wire.closed).isEmpty();
    assertThat(ann.wire.probes).isEqualTo(1);
  }

  @Test
  void where_nobody_can_answer_a_probe_its_own_protocol_is_trusted() {
    var ann = line("ann");
    ann.wire.answersProbes = false;
    for (int i = 0; i < 10; i++) {
      pass(SETTINGS.heartbeat());
      on(ann.session::heartbeat);
    }

    assertThat(ann.wire.closed).isEmpty();
  }

  @Test
  void an_ended_session_is_not_probed_and_says_nothing_more() {
    var ann = line("ann");
    on(() -> ann.session.end(CloseCode.LEAVING, 500L));
    int frames = ann.heard().size();
    ann.says("{'type':'ping'}", join("lobby"));
    on(ann.session::heartbeat);

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
