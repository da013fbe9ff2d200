package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.protocol.Conversation;
import chat.parley.protocol.ProtocolDocument;
import chat.parley.testing.Await;
import chat.parley.testing.ChatNode;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays every conversation of PROTOCOL.md over every carrier: with a node of its own, or with the server at {@code -Dparley.url=http://…}, as
 * guests or with tokens signed by {@code -Dparley.secret=…}.
 */
@Timeout(60)
class ConformanceIT {
  private static final @Nullable String URL = System.getProperty("parley.url");
  private static final @Nullable String SECRET = System.getProperty("parley.secret");
  private static final Vertx VERTX = Vertx.vertx();
  private static ChatNode server;

  @RegisterExtension
  final LogWatch log = new LogWatch();

  /** A server that somebody else runs. */
  private record Elsewhere(URI http) implements ChatNode {
    @Override
    public String name() {
      return http.toString();
    }

    @Override
    public void close() {}
  }

  static Stream<Arguments> everyConversationOverEveryCarrier() {
    return ProtocolDocument.read().conversations().stream()
        .flatMap(one -> Stream.of(Carrier.values()).map(carrier -> Arguments.of(one, carrier)));
  }

  @BeforeAll
  static void start() {
    server = URL == null ? TestNode.alone(new JsonObject()) : new Elsewhere(URI.create(URL));
  }

  @AfterAll
  static void end() {
    server.close();
    Await.result("the end of the clients", VERTX.close());
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("everyConversationOverEveryCarrier")
  void the_server_answers_as_the_document_says(Conversation conversation, Carrier carrier)
      throws IOException, InterruptedException {
    try (var client = carrier.connect(VERTX, server, token())) {
      var known = new HashMap<String, Object>();
      for (var turn : conversation.turns()) {
        if (turn.sent() != null) {
          Await.result("sending", client.sendText(turn.filled(known)));
        }
        for (var expected : turn.answers()) {
          client.await(expected.encode(), frame -> learns(expected, frame, known), Await.SOON);
        }
      }
      assertNothingElseCame(conversation, carrier, client);
    }
  }

  /** What is learnt from a frame that turns out to be another is forgotten again. */
  private static boolean learns(JsonObject expected, JsonObject frame, Map<String, Object> known) {
    var learnt = new HashMap<>(known);
    boolean fits = Conversation.matches(expected, frame, learnt);
    if (fits) {
      known.putAll(learnt);
    }
    return fits;
  }

  /** One answer for each request, and no message twice; presence is pushed at its own pace, and in somebody else's rooms others may speak. */
  private static void assertNothingElseCame(
      Conversation conversation, Carrier carrier, chat.parley.testing.Conversation client) {
    Await.result("ping", client.request(JsonObject.of("type", "ping")));
    var expected = new ArrayList<>(List.of("pong"));
    conversation.turns().stream()
        .flatMap(turn -> turn.answers().stream())
        .filter(answer -> !answer.getString("type").equals("presence"))
        .forEach(answer -> expected.add(answer.getString("type")));
    if (carrier.isSockJs()) {
      expected.add("authenticated");
    }
    if (URL == null) {
      assertThat(client.inbox().frames())
          .filteredOn(frame -> !frame.getString("type").equals("presence"))
          .extracting(frame -> frame.getString("type"))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** Of a user of its own. */
  private static String token() throws IOException, InterruptedException {
    var user = "conformance-" + UUID.randomUUID();
    if (URL == null) {
      return Tokens.of(user);
    }
    if (SECRET != null) {
      return new Tokens(SECRET, InstantSource.system()).user(user).sign();
    }
    var request = HttpRequest.newBuilder(server.http().resolve("/api/guest"))
        .POST(HttpRequest.BodyPublishers.ofString(
            JsonObject.of("name", "conformance").encode()))
        .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new JsonObject(answer.body()).getString("token");
    }
  }
}
