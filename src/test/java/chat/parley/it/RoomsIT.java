package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Conversation;
import chat.parley.testing.LogWatch;
import chat.parley.testing.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

/** What is said in rooms: who hears it, once and in which order. The second client is on another node where there is one. */
@Timeout(60)
@ParameterizedClass(name = "{0} node(s)")
@ValueSource(ints = {1, 2})
class RoomsIT {
  @SuppressWarnings("NullAway.Init") // set before each round
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  RoomsIT(int count) {
    assert count > 0 : "only shown";
  }

  @BeforeParameterizedClassInvocation
  static void start(int count) {
    nodes = Nodes.of(count, new JsonObject());
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

  private static List<Object> data(Conversation client, String room) {
    return client.messages(room).stream().map(frame -> frame.getValue("data")).toList();
  }

  private static JsonObject ack(Conversation client, JsonObject frame) {
    return Await.result("ack of " + frame, client.request(frame));
  }

  private static JsonObject quiet(String room, String data) {
    return JsonObject.of("type", "publish", "room", room, "data", data, "echo", false);
  }

  /** Everything said to the room before now has come to all of them once this has. */
  private static void settle(String room, List<? extends Conversation> members) {
    var mark = JsonObject.of("type", "publish", "room", room, "data", "mark");
    long seq = ack(members.getFirst(), mark).getLong("seq");
    members.forEach(member -> member.await("the mark", at(room, seq), Await.SOON));
  }

  private static Predicate<JsonObject> at(String room, long seq) {
    return frame -> "message".equals(frame.getString("type"))
        && room.equals(frame.getString("room"))
        && frame.getLong("seq") == seq;
  }

  @Test
  void without_echo_all_but_the_speaking_connection_get_it() {
    var ann = nodes.connect("ann");
    var annsOther = nodes.connectToSecond("ann");
    var bob = nodes.connectToSecond("bob");
    List.of(ann, annsOther, bob).forEach(one -> one.join("echo"));
    ack(ann, quiet("echo", "quiet"));
    ack(ann, JsonObject.of("type", "publish", "room", "echo", "data", "loud"));
    bob.awaitMessages("echo", 2, Await.SOON);
    annsOther.awaitMessages("echo", 2, Await.SOON);
    ann.awaitMessages("echo", 1, Await.SOON);
    assertThat(data(bob, "echo")).containsExactly("quiet", "loud");
    assertThat(data(annsOther, "echo")).containsExactly("quiet", "loud");
    assertThat(data(ann, "echo")).containsExactly("loud");
  }

  @Test
  void a_signal_goes_to_the_rooms_other_sessions_and_is_kept_nowhere() {
    var ann = nodes.connect("ann");
    var annsOther = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    var carl = nodes.connectToSecond("carl");
    List.of(ann, annsOther, bob).forEach(one -> one.join("signals"));
    carl.join("elsewhere");
    var cursor = JsonObject.of("line", 7);
    Await.result(
        "signal",
        ann.send(
            JsonObject.of("type", "signal", "room", "signals", "name", "cursor", "data", cursor)));
    for (var other : List.of(bob, annsOther)) {
      assertThat(other.await("signal"))
          .isEqualTo(JsonObject.of(
              "type", "signal", "room", "signals", "name", "cursor", "user", "ann", "data",
              cursor));
    }
    settle("signals", List.of(ann, annsOther, bob));
    settle("elsewhere", List.of(carl));
    assertThat(List.of(ann, carl))
        .allSatisfy(one -> assertThat(one.inbox().frames())
            .extracting(frame -> frame.getString("type"))
            .doesNotContain("signal", "error"));
    assertThat(bob.readAll("signals")).hasSize(1);
  }

  @Test
  void a_repeated_publish_is_one_message_on_whichever_connection_and_node() {
    var ann = nodes.connect("ann");
    var annsOther = nodes.connect("ann");
    var annElsewhere = nodes.connectToSecond("ann");
    var all = List.of(ann, annsOther, annElsewhere);
    all.forEach(one -> one.join("once"));
    var first = ann.awaitAck("once", "said", "m");
    assertThat(first.containsKey("duplicate")).isFalse();
    for (var one : all) {
      var again = one.awaitAck("once", "said", "m");
      assertThat(again.getBoolean("duplicate")).isTrue();
      for (var field : List.of("seq", "epoch", "time", "id")) {
        assertThat(again.getValue(field)).as(field).isEqualTo(first.getValue(field));
      }
    }
    settle("once", all);
    assertThat(data(annElsewhere, "once")).containsOnlyOnce("said");
  }

  @Test
  void a_publish_repeated_on_two_nodes_at_once_is_accepted_once() {
    var ann = nodes.connect("ann");
    var annElsewhere = nodes.connectToSecond("ann");
    ann.join("race");
    annElsewhere.join("race");
    var acks = new ArrayList<Future<JsonObject>>();
    for (int i = 0; i < 100; i++) {
      acks.add(ann.publish("race", i, "m" + i));
      acks.add(annElsewhere.publish("race", i, "m" + i));
    }
    var all = Await.result("acks", Future.all(acks)).<JsonObject>list();
    assertThat(all).filteredOn(ack -> ack.getBoolean("duplicate", false)).hasSize(100);
    assertThat(ann.readAll("race")).hasSize(100);
    settle("race", List.of(ann, annElsewhere));
  }

  @Test
  void the_same_id_of_another_user_or_in_another_room_is_another_message() {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    List.of(ann, bob).forEach(one -> one.join("ids"));
    ann.join("ids-too");
    assertThat(List.of(
            ann.awaitAck("ids", "a", "m"),
            bob.awaitAck("ids", "b", "m"),
            ann.awaitAck("ids-too", "c", "m")))
        .noneMatch(ack -> ack.containsKey("duplicate"));
    assertThat(ann.readAll("ids")).hasSize(2);
    settle("ids", List.of(ann, bob));
    settle("ids-too", List.of(ann));
  }

  @Test
  void what_a_session_says_is_accepted_in_the_order_sent() {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    List.of(ann, bob).forEach(one -> one.join("order"));
    var acks = new ArrayList<Future<JsonObject>>();
    for (int i = 0; i < 1_000; i++) {
      acks.add(ann.publish("order", "a" + i));
      acks.add(bob.publish("order", "b" + i));
    }
    Await.result("acks", Future.all(acks), Duration.ofSeconds(30));
    for (var listener : List.of(ann, bob)) {
      listener.awaitMessages("order", 2_000, Duration.ofSeconds(20));
      for (var speaker : List.of("a", "b")) {
        assertThat(data(listener, "order"))
            .filteredOn(said -> said.toString().startsWith(speaker))
            .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> speaker + i).toList());
      }
      assertThat(listener.messages("order"))
          .extracting(frame -> frame.getLong("seq"))
          .isEqualTo(LongStream.rangeClosed(1, 2_000).boxed().toList());
    }
  }

  @Test
  void what_is_sent_right_behind_a_join_needs_not_wait_for_its_answer() {
    var ann = nodes.connectToSecond("ann");
    var joined = ann.request(JsonObject.of("type", "join", "room", "behind"));
    var acks = IntStream.range(0, 5).mapToObj(i -> ann.publish("behind", i)).toList();
    var history = ann.request(JsonObject.of("type", "history", "room", "behind"));
    assertThat(Await.result("join", joined).getString("type")).isEqualTo("joined");
    Await.result("acks", Future.all(acks));
    Await.result("history", history);
    ann.readAll("behind");
    settle("behind", List.of(ann));
  }

  @Test
  void two_rooms_do_not_mix() {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    List.of(ann, bob).forEach(one -> one.join("red"));
    ann.join("blue");
    for (int i = 0; i < 20; i++) {
      Await.result("red", ann.publish("red", "red"));
      Await.result("blue", ann.publish("blue", "blue"));
    }
    bob.awaitMessages("red", 20, Await.SOON);
    ann.awaitMessages("red", 20, Await.SOON);
    ann.awaitMessages("blue", 20, Await.SOON);
    assertThat(data(ann, "red")).hasSize(20).containsOnly("red");
    assertThat(data(ann, "blue")).hasSize(20).containsOnly("blue");
    assertThat(data(bob, "blue")).isEmpty();
  }

  @Test
  void who_has_left_hears_and_says_nothing_more() {
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    List.of(ann, bob).forEach(one -> one.join("leaving"));
    bob.leave("leaving");
    ann.awaitAck("leaving", "after", "m");
    settle("leaving", List.of(ann));
    for (var type : List.of("publish", "leave", "history", "signal")) {
      assertThat(refusal(bob, type)).isEqualTo("not_joined");
    }
    bob.join("other");
    settle("other", List.of(bob));
    assertThat(bob.messages("leaving")).isEmpty();
  }

  private static String refusal(ChatClient client, String type) {
    var frame = JsonObject.of("type", type, "room", "leaving", "data", 1, "name", "n");
    var why = Await.failure(type, client.request(frame));
    assertThat(why).isInstanceOf(RefusedException.class);
    return ((RefusedException) why).code();
  }

  @Test
  void an_empty_room_leaves_memory() {
    var before = nodes.metric("parley.rooms");
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    for (int i = 0; i < 20; i++) {
      ann.join("empty-" + i);
      bob.join("empty-" + i);
    }
    assertThat(nodes.metric("parley.rooms")).isEqualTo(before + 20);
    IntStream.range(0, 20).forEach(i -> ann.leave("empty-" + i));
    bob.drop();
    Await.until(
        "the rooms to go", Duration.ofSeconds(20), () -> nodes.metric("parley.rooms") <= before);
  }
}
