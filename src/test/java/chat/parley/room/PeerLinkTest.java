package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.room.Parcel.OfDoubt;
import chat.parley.room.Parcel.OfMessages;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.testing.HandTurnedTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerLinkTest implements PeerLink.Surroundings {
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private final HandTurnedTime time = new HandTurnedTime();
  private final ArrayDeque<Promise<Void>> open = new ArrayDeque<>();
  private final List<Buffer> sent = new ArrayList<>();
  private int queued;
  private int dropped;
  private final PeerLink link = new PeerLink(this);

  @Override
  public Future<Void> send(Buffer message) {
    sent.add(message);
    Promise<Void> confirmed = Promise.promise();
    open.add(confirmed);
    return confirmed.future();
  }

  @Override
  public void later(Duration delay, Runnable task) {
    time.later(delay, task);
  }

  @Override
  public void queued(int bytes) {
    queued += bytes;
  }

  @Override
  public void dropped(int parcels) {
    dropped += parcels;
  }

  private void add(String room, int bytes) {
    var line = new Line(new byte[bytes], null);
    link.add(new OfMessages(room, new Messages("e1", 1, List.of(line))));
  }

  private List<String> roomsOf(Buffer message) {
    return Parcel.parse(message).stream().map(Parcel::room).toList();
  }

  private void confirmAll() {
    while (!open.isEmpty()) {
      open.remove().complete();
    }
  }

  private List<String> doubted() {
    return sent.stream()
        .flatMap(message -> Parcel.parse(message).stream())
        .filter(OfDoubt.class::isInstance)
        .map(Parcel::room)
        .toList();
  }

  @Test
  void what_comes_in_one_turn_goes_in_one_message() {
    add("a", 10);
    add("b", 10);
    assertThat(sent).isEmpty();
    link.flush();

    assertThat(sent).hasSize(1);
    assertThat(roomsOf(sent.getFirst())).containsExactly("a", "b");
  }

  @Test
  void no_more_messages_are_under_way_than_the_window_has_room_for() {
    for (int i = 0; i < 10; i++) {
      add("r" + i, 10);
      link.flush();
    }
    assertThat(sent).hasSize(PeerLink.WINDOW);
    open.remove().complete();

    assertThat(sent).hasSize(PeerLink.WINDOW + 1);
    assertThat(roomsOf(sent.getLast())).containsExactly("r4", "r5", "r6", "r7", "r8", "r9");
  }

  @Test
  void a_message_is_closed_at_its_size() {
    add("a", PeerLink.MESSAGE_BYTES);
    add("b", 10);
    link.flush();

    assertThat(sent.stream().map(this::roomsOf)).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void what_waits_for_a_stalled_node_is_bounded_and_it_is_told_what_it_missed() {
    for (int i = 0; i < 200; i++) {
      add("r" + i, 100_000);
      link.flush();
    }
    assertThat(queued).isBetween(PeerLink.QUEUE_BYTES, PeerLink.QUEUE_BYTES + 200_000);
    assertThat(dropped).isGreaterThan(100);
    confirmAll();

    assertThat(doubted()).hasSize(dropped).doesNotHaveDuplicates().contains("r199");
    assertThat(queued).isZero();
  }

  @Test
  void rooms_whose_message_was_lost_are_told_to_compare() {
    add("a", 10);
    add("b", 10);
    link.flush();
    open.remove().fail("timeout");
    assertThat(sent).hasSize(1);
    time.pass(A_WHILE);

    assertThat(sent).hasSize(2);
    assertThat(Parcel.parse(sent.getLast())).containsExactly(new OfDoubt("a"), new OfDoubt("b"));
    assertThat(dropped).isEqualTo(2);
  }

  @Test
  void a_word_of_doubt_that_is_lost_is_said_again() {
    add("a", 10);
    link.flush();
    open.remove().fail("timeout");
    time.pass(A_WHILE);
    open.remove().fail("timeout");
    time.pass(A_WHILE);
    confirmAll();

    assertThat(doubted()).containsExactly("a", "a");
    assertThat(queued).isZero();
    assertThat(time.planned()).isZero();
  }

  @Test
  void nothing_is_sent_to_a_node_that_is_gone() {
    add("a", 10);
    link.flush();
    add("b", PeerLink.MESSAGE_BYTES);
    link.close();
    open.remove().fail("no such node");
    time.pass(A_WHILE);
    link.flush();

    assertThat(sent).hasSize(1);
    assertThat(queued).isZero();
  }
}
