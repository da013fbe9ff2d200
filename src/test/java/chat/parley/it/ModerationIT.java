package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.ChatNode;
import chat.parley.testing.LogWatch;
import chat.parley.testing.Tokens;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What admins and moderators take away holds on every node within a second. */
@Timeout(90)
class ModerationIT {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final String ADMIN = Tokens.admin("root");
  private static final String MODERATOR = new Tokens()
      .user("mo")
      .role("moderator")
      .rooms("team-*")
      .expiresIn(Duration.ofHours(1))
      .sign();

  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    nodes = Nodes.of(2, new JsonObject());
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    nodes.hangUp();
  }

  private static HttpResponse<String> ask(
      ChatNode node, String method, String path, String token, String body) {
    return Http.send(
        node, method, "/api/v1" + path, Map.of("Authorization", "Bearer " + token), body);
  }

  private static void done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  private static int refused(ChatNode node, String token) {
    var why = Await.failure(
        "a client",
        ChatClient.open(nodes.vertx(), ChatClient.options(node.webSocket(), token), "client"));
    return ((UpgradeRejectedException) why).getStatus();
  }

  private static ChatClient onSecond(String token) {
    return nodes.with(ChatClient.connect(nodes.vertx(), nodes.second().webSocket(), token));
  }

  /** A token made so long ago that no other of the same second is younger. */
  private static String token(String user, String name) {
    long past = System.currentTimeMillis() / 1000 - 60;
    return new Tokens()
        .user(user)
        .with("jti", name)
        .with("iat", past)
        .expiresIn(Duration.ofHours(1))
        .sign();
  }

  @Test
  void a_revoked_token_is_good_for_nothing_on_any_node() {
    var name = UUID.randomUUID().toString();
    var stolen = token("ann", name);
    var thief = onSecond(stolen);
    thief.await("welcome");
    var other = onSecond(token("ann", "another"));
    other.await("welcome");

    done(ask(nodes.first(), "POST", "/revocations", ADMIN, "{\"jti\":\"" + name + "\"}"));

    assertThat(thief.awaitEnding(SOON).code()).isEqualTo(4401);
    assertThat(refused(nodes.second(), stolen)).isEqualTo(401);
    assertThat(refused(nodes.first(), stolen)).isEqualTo(401);
    other.join("lobby");
    Await.failure("auth", other.request(JsonObject.of("type", "auth", "token", stolen)));
    assertThat(other.await("error").getString("code")).isEqualTo("unauthenticated");
  }

  @Test
  void a_revoked_user_comes_back_only_with_a_token_that_is_younger() {
    var old = token("bob", "b");
    var bob = onSecond(old);
    bob.await("welcome");

    done(ask(nodes.first(), "POST", "/revocations", ADMIN, "{\"user\":\"bob\"}"));

    assertThat(bob.awaitEnding(SOON).code()).isEqualTo(4401);
    assertThat(refused(nodes.second(), old)).isEqualTo(401);
    var young = new Tokens()
        .user("bob")
        .with("iat", System.currentTimeMillis() / 1000 + 2)
        .expiresIn(Duration.ofHours(1))
        .sign();
    onSecond(young).await("welcome");
  }

  @Test
  void a_revocation_with_an_end_ends() {
    var token = token("cleo", "c");
    var soon = System.currentTimeMillis() / 1000 + 2;
    done(ask(
        nodes.first(),
        "POST",
        "/revocations",
        ADMIN,
        "{\"user\":\"cleo\",\"until\":" + soon + "}"));
    Await.until("it holds", SOON, () -> refusedOrNot(token) == 401);
    Await.until("it ends", Await.SOON, () -> refusedOrNot(token) == 101);
  }

  private static int refusedOrNot(String token) {
    var options = ChatClient.options(nodes.second().webSocket(), token);
    return Await.result(
        "an answer",
        ChatClient.open(nodes.vertx(), options, "client")
            .map(in -> {
              nodes.with(in);
              return 101;
            })
            .recover(why -> io.vertx.core.Future.succeededFuture(
                ((UpgradeRejectedException) why).getStatus())));
  }

  @Test
  void a_banned_user_is_put_out_everywhere_and_stays_out_until_the_ban_is_lifted() {
    var room = "team-red";
    var eve = nodes.connectToSecond("eve");
    eve.join(room);
    eve.join("elsewhere");

    done(ask(nodes.first(), "PUT", "/rooms/" + room + "/bans/eve", MODERATOR, ""));

    var left = eve.await("left");
    assertThat(left.getString("room")).isEqualTo(room);
    assertThat(left.getString("reason")).isEqualTo("banned");
    Await.failure("joining again", eve.request(JsonObject.of("type", "join", "room", room)));
    var error = eve.await("error");
    assertThat(error.getString("code")).isEqualTo("forbidden");
    assertThat(error.getString("message")).isEqualTo("banned from this room");
    eve.awaitAck("elsewhere", "still here", "m");

    done(ask(nodes.second(), "DELETE", "/rooms/" + room + "/bans/eve", MODERATOR, ""));
    Await.until(
        "she may come back",
        SOON,
        () -> Await.result(
            "an answer",
            eve.request(JsonObject.of("type", "join", "room", room))
                .map(joined -> true)
                .otherwise(false)));
  }

  @Test
  void who_is_kicked_may_come_back() {
    var fay = nodes.connectToSecond("fay");
    fay.join("team-blue");
    done(ask(nodes.first(), "DELETE", "/rooms/team-blue/members/fay", MODERATOR, ""));
    assertThat(fay.await("left").getString("reason")).isEqualTo("kicked");
    fay.join("team-blue");
    fay.awaitAck("team-blue", "back", "m");
  }

  @Test
  void only_those_who_may_do_so() {
    var node = nodes.first();
    assertThat(ask(node, "PUT", "/rooms/team-x/bans/eve", Tokens.of("ann"), "").statusCode())
        .isEqualTo(403);
    assertThat(ask(node, "PUT", "/rooms/other/bans/eve", MODERATOR, "").statusCode())
        .isEqualTo(403);
    assertThat(ask(node, "PUT", "/rooms/dm:ann:mo/bans/ann", MODERATOR, "").statusCode())
        .isEqualTo(403);
    assertThat(
            ask(node, "POST", "/revocations", MODERATOR, "{\"user\":\"ann\"}").statusCode())
        .isEqualTo(403);
    assertThat(
            ask(node, "POST", "/revocations", "nonsense", "{\"user\":\"ann\"}").statusCode())
        .isEqualTo(401);
    var anonymous = Http.send(node, "POST", "/api/v1/revocations", Map.of(), "{\"user\":\"ann\"}");
    assertThat(anonymous.statusCode()).isEqualTo(401);
  }

  @Test
  void what_is_not_understood_is_said() {
    var node = nodes.first();
    for (var body : new String[] {
      "",
      "[]",
      "{",
      "{\"user\":7}",
      "{\"user\":\"a\",\"jti\":\"b\"}",
      "{\"jti\":\"\"}",
      "{\"user\":\"zed\",\"until\":\"tomorrow\"}"
    }) {
      var answer = ask(node, "POST", "/revocations", ADMIN, body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(new JsonObject(answer.body()).getString("detail")).isNotBlank();
    }
    assertThat(ask(node, "PUT", "/rooms/no%20room/bans/eve", ADMIN, "").statusCode())
        .isEqualTo(400);
  }
}
