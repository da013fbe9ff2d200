package chat.parley.room;

import static chat.parley.room.Samples.ROOM;
import static chat.parley.room.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.cluster.UnavailableException;
import chat.parley.metrics.Metrics;
import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Signals;
import chat.parley.room.RoomLog.Receipt;
import chat.parley.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything here happens on the log's event loop, one step after the other. */
class RoomLogTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final FaultyMap map = new FaultyMap();
  private final Told told = new Told();
  private Instant now = Instant.EPOCH;
  private String dead = "";
  private RoomLog log = newLog();

  /** What the listeners are told, in its order. */
  private static final class Told implements RoomLog.Outlet {
    final List<String> words = new ArrayList<>();
    final List<Messages> messages = new ArrayList<>();
    boolean feed;

    @Override
    public boolean heard(String room, String[] audience) {
      return feed || audience.length > 0;
    }

    @Override
    public void accepted(String room, String[] audience, Messages some) {
      messages.add(some);
      words.add(some.first() + "-" + some.last());
    }

    @Override
    public void signalled(String room, String[] audience, Signals signals) {
      words.add(signals.lines().size() + " signals");
    }

    @Override
    public void doubtful(String room, String[] audience) {
      words.add("doubt");
    }
  }

  private RoomLog newLog() {
    return new RoomLog(
        vertx,
        map,
        new RetentionRules(Samples.PLENTY, List.of()),
        () -> now,
        TIMEOUT,
        new Metrics(new SimpleMeterRegistry()),
        node -> node.equals(dead),
        told);
  }

  @BeforeEach
  void open() {
    log = on(this::newLog);
    on(() -> log.watch(ROOM, "n1"));
  }

  @AfterEach
  void close() {
    Await.result("closing", vertx.close());
  }

  private <T> T on(Supplier<T> step) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(now -> {
      try {
        done.complete(step.get());
      } catch (RuntimeException | Error e) {
        done.fail(e);
      }
    });
    return Await.result("a step", done.future());
  }

  private void on(Runnable step) {
    on(() -> {
      step.run();
      return true;
    });
  }

  private Future<Receipt> append(String id) {
    return on(() -> log.append(ROOM, draft(id), null));
  }

  private static Receipt receipt(Future<Receipt> appended) {
    return Await.result("the receipt", appended);
  }

  private static UnavailableException refusal(Future<Receipt> appended) {
    return (UnavailableException) Await.failure("the append", appended);
  }

  private List<String> ids() {
    return on(() -> Samples.ids(Samples.snapshot(map.elsewhere())));
  }

  private int calls() {
    return on(map::calls);
  }

  @Test
  void where_nobody_listens_messages_are_acked_and_nobody_is_told() {
    on(() -> log.unwatch(ROOM, "n1"));
    assertThat(receipt(append("a")).seq()).isEqualTo(1);
    assertThat(told.words).isEmpty();
    on(() -> {
      told.feed = true;
    });
    assertThat(receipt(append("b")).seq()).isEqualTo(2);
    assertThat(told.words).containsExactly("2-2");
  }

  @Test
  void what_arrives_while_a_call_is_in_flight_goes_with_the_next_in_its_order() {
    on(map::hold);
    int before = calls();
    var all = List.of(append("a"), append("b"), append("c"), append("d"));
    assertThat(calls() - before).isEqualTo(1);
    on(map::release);

    assertThat(all.stream().map(RoomLogTest::receipt).map(Receipt::seq))
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(calls() - before).isEqualTo(2);
    assertThat(told.words).containsExactly("1-1", "2-4");
  }

  @Test
  void a_repeated_message_is_answered_as_one_and_told_to_nobody() {
    receipt(append("a"));
    var again = receipt(append("a"));

    assertThat(again.duplicate()).isTrue();
    assertThat(again.seq()).isEqualTo(1);
    assertThat(told.words).containsExactly("1-1");
  }

  @Test
  void an_append_whose_answer_is_lost_is_repeated_until_it_is_certain() {
    on(() -> map.then(Fault.LOST, Fault.ANSWER_LOST, Fault.LOST));
    var receipt = receipt(append("a"));

    assertThat(receipt.seq()).isEqualTo(1);
    assertThat(ids()).containsExactly("a");
    assertThat(told.words).as("nobody may have been told").containsExactly("doubt");
  }

  @Test
  void an_append_that_did_not_happen_after_all_is_told_when_it_has() {
    on(() -> map.then(Fault.LOST));
    var receipt = receipt(append("a"));

    assertThat(receipt.duplicate()).isFalse();
    assertThat(told.words).containsExactly("1-1", "doubt");
  }

  @Test
  void what_was_said_after_a_doubtful_message_comes_after_it() {
    on(() -> map.then(Fault.LOST, Fault.LOST));
    var first = append("a");
    var second = append("b");

    assertThat(receipt(second).seq()).isEqualTo(2);
    assertThat(receipt(first).seq()).isEqualTo(1);
  }

  @Test
  void a_refused_append_fails_at_once_and_the_next_goes_on() {
    on(() -> map.then(Fault.REFUSED));
    var refused = append("a");

    assertThat(refusal(refused).doubtful()).isFalse();
    assertThat(receipt(append("b")).seq()).isEqualTo(1);
  }

  /** The room's queue repeated it for ever, and every later message ran into its deadline. */
  @Test
  void an_append_that_fails_by_a_bug_does_not_keep_others_waiting() {
    on(() -> map.then(Fault.BROKEN));
    var broken = append("a");

    assertThat(Await.failure("the append", broken)).hasMessage("broken");
    assertThat(receipt(append("b")).seq()).isEqualTo(1);
  }

  @Test
  void who_has_waited_too_long_is_told_and_what_is_in_flight_may_still_arrive() {
    on(map::hold);
    var flying = append("a");
    var waiting = append("b");
    on(() -> now = now.plus(TIMEOUT));

    assertThat(refusal(flying).doubtful()).as("may be in the log").isTrue();
    assertThat(refusal(waiting).doubtful()).isFalse();
    on(map::release);
    assertThat(receipt(append("c")).seq()).isEqualTo(2);
    assertThat(ids()).containsExactly("a", "c");
  }

  @Test
  void nobody_waits_for_longer_than_promised() {
    on(map::hold);
    var flying = append("a");
    on(() -> now = now.plus(TIMEOUT).minus(RoomLog.SWEEP));

    assertThat(refusal(flying).doubtful()).isTrue();
    on(map::release);
  }

  @Test
  void what_waits_for_a_room_is_bounded() {
    on(map::hold);
    var big = new byte[1024 * 1024];
    var all = on(() -> IntStream.range(0, 12)
        .mapToObj(i -> log.append(ROOM, new Draft("ann", null, "m" + i, big), null))
        .toList());

    assertThat(all.stream().filter(Future::failed)).hasSize(4);
    assertThat(refusal(all.getLast()).doubtful()).isFalse();
    on(map::release);
    assertThat(receipt(all.getFirst()).seq()).isEqualTo(1);
    assertThat(receipt(append("after")).seq()).isEqualTo(9);
  }

  @Test
  void a_batch_is_bounded_in_messages_and_in_bytes() {
    on(map::hold);
    int before = calls();
    var many = on(() -> IntStream.rangeClosed(0, RoomLog.BATCH_ITEMS * 2)
        .mapToObj(i -> log.append(ROOM, draft("m" + i), null))
        .toList());
    var big = new byte[RoomLog.BATCH_BYTES];
    var last = on(() -> IntStream.range(0, 3)
        .mapToObj(i -> log.append(ROOM, new Draft("ann", null, "big" + i, big), null))
        .toList());
    on(map::release);

    assertThat(receipt(last.getLast()).seq()).isEqualTo(many.size() + 3);
    assertThat(calls() - before).isEqualTo(1 + 2 + 3);
  }

  @Test
  void a_signal_keeps_its_place_behind_the_messages() {
    on(map::hold);
    var first = append("a");
    append("b");
    var passed = on(() -> log.signal(ROOM, new Line(Samples.bytes("{}"), null)));
    on(map::release);
    Await.result("the signal", passed);

    assertThat(receipt(first).seq()).isEqualTo(1);
    assertThat(told.words).containsExactly("1-1", "2-2", "1 signals");
  }

  @Test
  void a_signal_alone_asks_only_who_listens() {
    Await.result("the signal", on(() -> log.signal(ROOM, new Line(Samples.bytes("{}"), null))));

    assertThat(told.words).containsExactly("1 signals");
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_signal_fails_if_nobody_can_say_who_listens() {
    on(() -> map.then(Fault.LOST));
    var lost = on(() -> log.signal(ROOM, new Line(Samples.bytes("{}"), null)));

    assertThat(Await.failure("the signal", lost)).isInstanceOf(UnavailableException.class);
    assertThat(receipt(append("a")).seq()).isEqualTo(1);
  }

  @Test
  void signals_that_wait_are_bounded() {
    on(map::hold);
    append("a");
    var all = on(() -> IntStream.rangeClosed(0, RoomLog.BATCH_ITEMS)
        .mapToObj(i -> log.signal(ROOM, new Line(Samples.bytes("{}"), null)))
        .toList());

    assertThat(all.stream().filter(Future::failed)).hasSize(1);
    on(map::release);
  }

  @Test
  void the_line_names_whom_it_is_to_spare() {
    Subscriber ann = new Quiet(text -> {});
    receipt(on(() -> log.append(ROOM, draft("a"), ann)));

    assertThat(told.messages.getFirst().lines().getFirst().isFor(ann)).isFalse();
  }

  @Test
  void a_dead_listener_is_forgotten_with_the_next_append() {
    on(() -> log.watch(ROOM, "n2"));
    on(() -> dead = "n2");
    receipt(append("a"));
    receipt(append("b"));

    assertThat(on(() -> Samples.snapshot(map.elsewhere())).audience()).containsExactly("n1");
  }
}
