package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LogWatch;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that don't keep up. The slow one is on another node than the speaker where there is one. */
@Timeout(120)
@ParameterizedClass(name = "{0} node(s)")
@ValueSource(ints = {1, 2})
class SlowReaderIT {
  private static final String TEXT = "x".repeat(50_000);
  private static final Duration LONG = Duration.ofSeconds(40);

  @SuppressWarnings("NullAway.Init") // set before each round
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  SlowReaderIT(int count) {
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

  private static void say(ChatClient speaker, String room, int times) {
    for (int i = 0; i < times; i += 20) {
      var acks =
          IntStream.range(0, 20).mapToObj(n -> speaker.publish(room, TEXT)).toList();
      Await.result("acks", Future.all(acks), LONG);
    }
  }

  @Test
  void five_megabytes_of_the_past_come_at_the_readers_pace() {
    var ann = nodes.connect("ann");
    ann.join("past");
    say(ann, "past", 100);
    var slow = nodes.connectToSecond("slow");
    slow.await("welcome");
    slow.stopReading();
    var since = JsonObject.of("epoch", ann.joined("past").getString("epoch"), "seq", 0);
    var joining = slow.request(JsonObject.of("type", "join", "room", "past", "since", since));
    Await.pass(Duration.ofSeconds(2));
    slow.readOn();
    assertThat(Await.result("join", joining).getBoolean("recovered")).isTrue();
    slow.awaitMessages("past", 100, LONG);
    assertThat(slow.inbox().ending()).isNull();
    assertThat(nodes.metric("parley.connections.slow")).isZero();
  }

  @Test
  void a_reader_that_stops_is_closed_and_may_return_and_the_others_miss_nothing() {
    var before = nodes.metric("parley.connections.slow");
    var ann = nodes.connect("ann");
    var bob = nodes.connectToSecond("bob");
    var slow = nodes.connectToSecond("slow");
    ann.join("stopped");
    bob.join("stopped");
    slow.join("stopped");
    slow.stopReading();
    int said = 0;
    while (nodes.metric("parley.connections.slow") == before && said < 1_000) {
      say(ann, "stopped", 20);
      said += 20;
    }
    assertThat(nodes.metric("parley.connections.slow")).isEqualTo(before + 1);
    slow.readOn();
    say(ann, "stopped", 20);
    said += 20;
    bob.awaitMessages("stopped", said, LONG);
    slow.awaitEnding(LONG);
    assertThat(slow.bye()).isNotNull();
    assertThat(slow.bye().getInteger("code")).isEqualTo(4410);

    var seen = slow.messages("stopped");
    assertThat(seen.size()).isLessThan(said);
    long last = seen.isEmpty() ? 0 : seen.getLast().getLong("seq");
    var back = nodes.connectToSecond("slow");
    back.join("stopped", new Position(ann.joined("stopped").getString("epoch"), last));
    assertThat(back.joined("stopped").getBoolean("recovered")).isTrue();
    back.awaitMessages("stopped", said - seen.size(), LONG);
  }
}
