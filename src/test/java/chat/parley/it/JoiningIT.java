package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.testing.Await;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a member begins, what it missed, and the pages of the past. The reader is on another node than the speaker where there is one. */
@Timeout(60)
@ParameterizedClass(name = "{0} node(s)")
@ValueSource(ints = {1, 2})
class JoiningIT {
  private static final int KEPT = 30;

  @SuppressWarnings("NullAway.Init") // set before each round
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  JoiningIT(int count) {
    assert count > 0 : "only shown";
  }

  @BeforeParameterizedClassInvocation
  static void start(int count) {
    nodes = Nodes.of(count, JsonObject.of("history", JsonObject.of("size", KEPT)));
  }

  @AfterParameterizedClassInvocation
  static void end() {
    nodes.close();
  }

  @AfterEach
  void all_is_as_promised() {
    try {
      nodes.judge().assertClean();
    } finally {
      nodes.hangUp();
    }
  }

  /** Somebody has said so many things there: 1, 2, 3 … */
  private Conversation spoken(String room, int count) {
    var ann = nodes.connect("ann");
    ann.join(room);
    say(ann, room, count);
    return ann;
  }

  private static void say(Conversation speaker, String room, int count) {
    var acks = IntStream.rangeClosed(1, count)
        .mapToObj(i -> speaker.request(
            JsonObject.of("type", "publish", "room", room, "data", i, "echo", false)))
        .toList();
    Await.result("acks", Future.all(acks));
  }

  private static void assertNext(Conversation client, String room, long first, long last) {
    var expected = LongStream.rangeClosed(first, last).boxed().toList();
    assertThat(client.awaitMessages(room, expected.size(), Await.SOON))
        .extracting(frame -> frame.getLong("seq"))
        .isEqualTo(expected);
  }

  private static Position at(Conversation client, String room, long seq) {
    return new Position(client.joined(room).getString("epoch"), seq);
  }

  private static JsonObject resume(String room, Position since, int last) {
    return JsonObject.of(
        "type",
        "join",
        "room",
        room,
        "since",
        JsonObject.of("epoch", since.epoch(), "seq", since.seq()),
        "last",
        last);
  }

  @Test
  void without_a_wish_only_what_is_new_comes() {
    var ann = spoken("new", 5);
    var bob = nodes.connectToSecond("bob");
    bob.join("new");
    assertThat(bob.joined("new").getLong("seq")).isEqualTo(5);
    assertThat(bob.joined("new").getBoolean("recovered")).isFalse();
    say(ann, "new", 3);
    assertNext(bob, "new", 6, 8);
  }

  @Test
  void the_last_messages_come_and_then_what_is_new() {
    var ann = spoken("last", 10);
    var bob = nodes.connectToSecond("bob");
    bob.join("last", 3);
    assertThat(bob.joined("last").getBoolean("recovered")).isFalse();
    say(ann, "last", 2);
    assertNext(bob, "last", 8, 12);
  }

  @Test
  void more_than_there_is_may_be_asked_for() {
    spoken("few", 4);
    var bob = nodes.connectToSecond("bob");
    bob.join("few", 100);
    assertNext(bob, "few", 1, 4);
    bob.join("nothing-yet", 100);
    assertThat(bob.joined("nothing-yet").getLong("seq")).isZero();
  }

  @Test
  void who_comes_back_gets_what_was_missed_and_nothing_twice() {
    var ann = spoken("back", 5);
    var bob = nodes.connectToSecond("bob");
    bob.join("back", at(ann, "back", 2));
    assertThat(bob.joined("back").getBoolean("recovered")).isTrue();
    assertThat(bob.joined("back").getLong("seq")).isEqualTo(5);
    say(ann, "back", 2);
    assertNext(bob, "back", 3, 7);
  }

  @Test
  void who_missed_nothing_recovers_with_nothing() {
    var ann = spoken("same", 5);
    var bob = nodes.connectToSecond("bob");
    bob.join("same", at(ann, "same", 5));
    assertThat(bob.joined("same").getBoolean("recovered")).isTrue();
    say(ann, "same", 1);
    assertNext(bob, "same", 6, 6);
  }

  @Test
  void who_was_away_too_long_is_told_so_and_gets_the_last_ones() {
    var ann = spoken("long", KEPT + 10);
    var bob = nodes.connectToSecond("bob");
    Await.result("join", bob.request(resume("long", at(ann, "long", 9), 4)));
    assertThat(bob.joined("long").getBoolean("recovered")).isFalse();
    assertNext(bob, "long", KEPT + 7, KEPT + 10);
    var carl = nodes.connectToSecond("carl");
    carl.join("long", at(ann, "long", 10));
    assertThat(carl.joined("long").getBoolean("recovered")).isTrue();
    assertNext(carl, "long", 11, KEPT + 10);
  }

  @Test
  void a_position_of_another_epoch_or_of_the_future_is_not_continued() {
    var ann = spoken("foreign", 5);
    var bob = nodes.connectToSecond("bob");
    bob.join("foreign", new Position("another", 2));
    assertThat(bob.joined("foreign").getBoolean("recovered")).isFalse();
    bob.leave("foreign");
    bob.join("foreign", at(ann, "foreign", 6));
    assertThat(bob.joined("foreign").getBoolean("recovered")).isFalse();
    say(ann, "foreign", 1);
    assertNext(bob, "foreign", 6, 6);
  }

  @Test
  void joining_again_is_answered_anew_and_doubles_nothing() {
    var ann = spoken("again", 5);
    var bob = nodes.connectToSecond("bob");
    bob.join("again");
    bob.join("again");
    say(ann, "again", 1);
    assertNext(bob, "again", 6, 6);
    bob.join("again", at(ann, "again", 6));
    assertThat(bob.joined("again").getBoolean("recovered")).isTrue();
    say(ann, "again", 1);
    assertNext(bob, "again", 6, 7);
  }

  @Test
  void joining_and_speaking_at_once_leaves_no_hole() {
    var ann = spoken("busy", 1);
    var acks = IntStream.range(0, 500).mapToObj(i -> ann.publish("busy", i)).toList();
    var members = IntStream.range(0, 20).mapToObj(i -> {
      var bob = i % 2 == 0 ? nodes.connectToSecond("bob" + i) : nodes.connect("bob" + i);
      bob.join("busy", i);
      return bob;
    });
    var joined = members.toList();
    Await.result("acks", Future.all(acks));
    var end = Await.result("end", ann.publish("busy", "end")).getLong("seq");
    joined.forEach(bob ->
        bob.await("the end", frame -> Long.valueOf(end).equals(frame.getLong("seq")), Await.SOON));
  }

  private static List<Long> page(
      Conversation client, String room, JsonObject bounds, boolean more) {
    var ask = JsonObject.of("type", "history", "room", room).mergeIn(bounds);
    var page = Await.result("history " + bounds, client.request(ask));
    assertThat(page.getBoolean("more")).as("more of %s", page).isEqualTo(more);
    return page.getJsonArray("messages").stream()
        .map(message -> ((JsonObject) message).getLong("seq"))
        .toList();
  }

  private static List<Long> seqs(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void the_past_is_paged_both_ways_to_its_ends() {
    spoken("pages", 25);
    var bob = nodes.connectToSecond("bob");
    bob.join("pages");
    var ten = JsonObject.of("limit", 10);
    assertThat(page(bob, "pages", ten, true)).isEqualTo(seqs(16, 25));
    assertThat(page(bob, "pages", ten.copy().put("before", 16), true)).isEqualTo(seqs(6, 15));
    assertThat(page(bob, "pages", ten.copy().put("before", 6), false)).isEqualTo(seqs(1, 5));
    assertThat(page(bob, "pages", ten.copy().put("before", 1), false)).isEmpty();
    assertThat(page(bob, "pages", ten.copy().put("before", 999), true)).isEqualTo(seqs(16, 25));
    assertThat(page(bob, "pages", ten.copy().put("after", 0), true)).isEqualTo(seqs(1, 10));
    assertThat(page(bob, "pages", ten.copy().put("after", 10), true)).isEqualTo(seqs(11, 20));
    assertThat(page(bob, "pages", ten.copy().put("after", 20), false)).isEqualTo(seqs(21, 25));
    assertThat(page(bob, "pages", ten.copy().put("after", 25), false)).isEmpty();
    assertThat(page(bob, "pages", new JsonObject(), false)).isEqualTo(seqs(1, 25));
  }

  @Test
  void the_past_begins_where_the_room_still_remembers() {
    spoken("trimmed", KEPT + 15);
    var bob = nodes.connectToSecond("bob");
    bob.join("trimmed");
    var twenty = JsonObject.of("limit", 20);
    assertThat(page(bob, "trimmed", twenty.copy().put("before", 31), false))
        .isEqualTo(seqs(16, 30));
    assertThat(page(bob, "trimmed", twenty.copy().put("after", 2), true)).isEqualTo(seqs(16, 35));
    assertThat(page(bob, "trimmed", twenty.copy().put("before", 10), false)).isEmpty();
  }
}
