package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.protocol.Position;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ChatClientTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @RegisterExtension
  final LogWatch log = new LogWatch();

  private final Vertx vertx = Vertx.vertx();
  private final FakeServer server = new FakeServer(vertx);
  private ChatClient ann = connect();

  private ChatClient connect() {
    return ChatClient.connect(vertx, server.uri("ws", "/ws"), Tokens.of("ann"));
  }

  @BeforeEach
  void ann_is_welcome() {
    assertThat(ann.await("welcome").getString("node")).isEqualTo("fake");
  }

  @AfterEach
  void close() {
    Await.result("close", vertx.close());
  }

  @Test
  void it_talks_and_writes_down_what_it_saw() {
    var bob = connect().join("lobby");
    ann.join("lobby", 10);
    var ack = ann.awaitAck("lobby", "hello", "id-1");
    bob.publish("lobby", JsonObject.of("n", 2)).onFailure(e -> {});

    assertThat(ann.awaitMessages("lobby", 2, Await.SOON))
        .extracting(m -> m.getInteger("seq"))
        .containsExactly(1, 2);
    assertThat(ack.getInteger("seq")).isEqualTo(1);
    assertThat(ann.journal().entries())
        .extracting(entry -> entry.getClass().getSimpleName())
        .containsSubsequence("Connected", "Joined", "Sent", "Received", "Received");
    assertThat(ann.journal().entries(Entry.Joined.class).getFirst().last()).isEqualTo(10);
    bob.leave("lobby");
  }

  @Test
  void a_join_sent_before_the_welcome_came_is_remembered_with_its_wish() {
    var journal = new Journal("early");
    journal.sent(new JsonObject("""
        {"type":"join","ref":1,"room":"lobby","since":{"epoch":"e1","seq":248}}"""));
    journal.received(JsonObject.of("type", "welcome", "user", "ann"));
    journal.received(JsonObject.of(
        "type", "joined", "ref", 1, "room", "lobby", "epoch", "e1", "seq", 250, "recovered", true));

    assertThat(journal.entries(Entry.Joined.class).getFirst().since())
        .isEqualTo(new Position("e1", 248));
  }

  @Test
  void it_resumes_and_reads_the_whole_history() {
    ann.join("lobby");
    var acks = IntStream.rangeClosed(1, 250)
        .mapToObj(n -> ann.publish("lobby", n, "id-" + n))
        .toList();
    acks.forEach(ack -> Await.result("ack", ack));
    var bob = connect().join("lobby", new Position("e1", 248));

    assertThat(bob.awaitMessages("lobby", 2, Await.SOON))
        .extracting(m -> m.getInteger("seq"))
        .containsExactly(249, 250);
    assertThat(bob.readAll("lobby"))
        .extracting(m -> m.getInteger("seq"))
        .isEqualTo(IntStream.rangeClosed(1, 250).boxed().toList());
    assertThat(Checker.strict().check(List.of(ann.journal(), bob.journal())).violations())
        .isEmpty();
  }

  @Test
  void an_error_fails_the_request_that_asked_for_it() {
    ann.join("lobby");
    server.refuseNextPublish();
    var refused = (RefusedException) Await.failure("publish", ann.publish("lobby", 1, "a"));
    assertThat(refused.code()).isEqualTo("unavailable");
  }

  @Test
  void a_server_that_was_silent_greets_once_it_speaks_again() {
    server.fallSilent();
    var eve = connect();
    server.speakAgain();
    assertThat(eve.await("welcome").getString("node")).isEqualTo("fake");
  }

  @Test
  void a_stranger_to_a_room_is_refused() {
    var refused = (RefusedException) Await.failure("publish", ann.publish("lobby", 1, "a"));
    assertThat(refused.code()).isEqualTo("not_joined");
  }

  @Test
  void it_can_say_what_no_good_client_says() {
    ann.sendText("{").onFailure(e -> {});
    assertThat(ann.await("error").getString("code")).isEqualTo("bad_frame");
    ann.sendFragmented("{\"type\":", "\"pi", "ng\",\"ref\":7}").onFailure(e -> {});
    assertThat(ann.await("pong").getInteger("ref")).isEqualTo(7);
    ann.sendRaw(Buffer.buffer(new byte[] {'"', (byte) 0xff, '"'})).onFailure(e -> {});
    assertThat(ann.await("error").getString("code")).isEqualTo("bad_frame");
    Await.result("binary", ann.sendBinary(Buffer.buffer("x")));
  }

  @Test
  void a_wait_in_vain_tells_what_had_arrived() {
    ann.join("lobby");
    assertThatThrownBy(() -> ann.await("presence", SHORT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "got no `presence` within PT0.1S", "2 frames", "\"type\":\"joined\"");
  }

  @Test
  void the_end_of_the_connection_ends_every_wait_at_once() {
    server.fallSilent();
    var answer = ann.request(JsonObject.of("type", "ping"));
    Await.result("closing", server.closeAll(4410));
    assertThat(ann.awaitEnding(Await.SOON)).isEqualTo(new Ending(4410, "told to"));
    assertThatThrownBy(() -> ann.await("pong", Duration.ofHours(1)))
        .hasMessageContaining("code=4410");
    assertThat(Await.failure("answer", answer)).hasMessageContaining("4410");
    assertThat(ann.journal().entries(Entry.Ended.class)).hasSize(1);
  }

  @Test
  void a_dropped_connection_is_1006() {
    ann.drop();
    assertThat(ann.awaitEnding(Await.SOON).code()).isEqualTo(1006);
  }

  @Test
  void a_refused_upgrade_tells_the_status() {
    var refused = Await.failure(
        "no token",
        ChatClient.open(vertx, ChatClient.options(server.uri("ws", "/ws"), null), "eve"));
    assertThat(((UpgradeRejectedException) refused).getStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void sockjs_hears_the_end_once_and_does_not_begin_anew(SockJsClient.Transport transport) {
    var bob = connect(transport);
    bob.await("welcome");
    Await.result("closing", server.closeAll(4410));
    assertThat(bob.awaitEnding(Await.SOON)).isEqualTo(new Ending(3000, "Go away!"));
    Await.pass(SHORT);
    bob.close();
    assertThat(bob.journal().entries(Entry.Ended.class)).hasSize(1);
    assertThat(bob.inbox().frames())
        .extracting(frame -> frame.getString("type"))
        .containsExactly("authenticated", "welcome");
  }

  private SockJsClient connect(SockJsClient.Transport transport) {
    return SockJsClient.connect(vertx, server.uri("http", "/sockjs"), transport, Tokens.of("bob"));
  }

  @ParameterizedTest
  @EnumSource
  void sockjs_carries_the_same_frames(SockJsClient.Transport transport) {
    var bob = connect(transport);
    try (bob) {
      assertThat(bob.await("welcome").getString("node")).isEqualTo("fake");
      bob.join("lobby");
      ann.join("lobby");
      var acks =
          IntStream.range(0, 20).mapToObj(n -> bob.publish("lobby", n, "b" + n)).toList();
      acks.forEach(ack -> Await.result("ack", ack));
      Function<JsonObject, Object> data = message -> message.getValue("data");
      assertThat(ann.awaitMessages("lobby", 20, Await.SOON))
          .extracting(data)
          .isEqualTo(IntStream.range(0, 20).boxed().toList());
      assertThat(bob.awaitMessages("lobby", 20, Await.SOON)).hasSize(20);
    }
    assertThat(bob.inbox().ending()).isEqualTo(new Ending(1000, null));
  }
}
