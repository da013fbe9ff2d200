package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.testing.Await;
import chat.parley.testing.LogWatch;
import chat.parley.testing.PresenceList;
import chat.parley.testing.RefusedException;
import chat.parley.testing.Tokens;
import chat.parley.testing.Watcher;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is in a room, as its members see it. The others are on another node where there is one. */
@Timeout(60)
@ParameterizedClass(name = "{0} node(s)")
@ValueSource(ints = {1, 2})
class PresenceIT {
  private static final int FULL = 8;
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static int rooms;

  @SuppressWarnings("NullAway.Init") // set before each round
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  private final String room = "room" + rooms++;
  private final List<Watcher> watchers = new ArrayList<>();

  PresenceIT(int count) {
    assert count > 0 : "only shown";
  }

  @BeforeParameterizedClassInvocation
  static void start(int count) {
    nodes = Nodes.of(
        count,
        JsonObject.of(
            "presence",
            JsonObject.of("full", FULL, "grace", GRACE.toSeconds() + "s"),
            "access",
            JsonObject.of("rooms", JsonArray.of("discreet-* presence=moderators"))));
  }

  @AfterParameterizedClassInvocation
  static void end() {
    nodes.close();
  }

  @AfterEach
  void hangUp() {
    watchers.forEach(Watcher::drop);
    nodes.hangUp();
  }

  private Watcher at(TestNode node, String user) {
    var watcher =
        Await.result(user + " connects", Watcher.connect(nodes.vertx(), node.webSocket(), user));
    watchers.add(watcher);
    return watcher;
  }

  /** On the first node, and in the room. */
  private Watcher here(String user) {
    return in(at(nodes.first(), user));
  }

  /** On the other node, and in the room. */
  private Watcher there(String user) {
    return in(at(nodes.second(), user));
  }

  private Watcher in(Watcher watcher) {
    Await.result(watcher.user() + " joins", watcher.join(room));
    return watcher;
  }

  private void awaitUsers(Watcher watcher, String... users) {
    awaitStates(watcher, online(users));
  }

  private static Map<String, String> online(String... users) {
    return Stream.of(users).collect(Collectors.toMap(user -> user, user -> "online"));
  }

  private void awaitStates(Watcher watcher, Map<String, String> users) {
    var list = watcher.room(room);
    try {
      Await.until(
          watcher.user() + " sees " + users,
          Await.SOON,
          () -> list.users().equals(users) && list.count() == users.size());
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + ", but " + list.users() + ", told of " + list.count() + ", last "
              + list.pushes().getLast(),
          e);
    }
  }

  private List<JsonObject> pushesAfter(Watcher watcher, int first) {
    var pushes = watcher.room(room).pushes();
    return pushes.subList(first, pushes.size());
  }

  @Test
  void who_comes_and_goes_is_seen_on_every_node() {
    var ann = here("ann");
    awaitUsers(ann, "ann");
    var bob = there("bob");
    var cem = here("cem");
    for (var one : List.of(ann, bob, cem)) {
      awaitUsers(one, "ann", "bob", "cem");
    }
    Await.result("bob leaves", bob.leave(room));
    awaitUsers(ann, "ann", "cem");
    cem.hangUp(1000);
    awaitUsers(ann, "ann");
  }

  @Test
  void joined_tells_how_many_there_are_with_oneself() {
    var counts = new ArrayList<Long>();
    for (int i = 0; i < 4; i++) {
      var one = at(i % 2 == 0 ? nodes.first() : nodes.second(), "user" + i);
      counts.add(Await.result("joining", one.join(room)).getLong("count"));
      var sees = IntStream.rangeClosed(0, i).mapToObj(n -> "user" + n).toArray(String[]::new);
      for (var each : watchers) {
        awaitUsers(each, sees);
      }
    }
    assertThat(counts).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void a_user_with_two_connections_is_one_member_until_the_last_has_gone() {
    var ann = here("ann");
    var bob = here("bob");
    awaitUsers(ann, "ann", "bob");
    var again = there("bob");
    awaitUsers(again, "ann", "bob");
    var asking = nodes.connect("asking");
    asking.join(room);
    awaitUsers(ann, "ann", "asking", "bob");
    var question = JsonObject.of("type", "presence", "room", room);
    Await.until("two sessions", Await.SOON, () -> {
      var users = Await.result("who is there", asking.request(question)).getJsonArray("users");
      return users.size() == 3 && users.getJsonObject(2).getInteger("sessions") == 2;
    });
    int before = ann.room(room).pushes().size();
    Await.result("bob leaves", bob.leave(room));
    Await.pass(Duration.ofMillis(300));
    assertThat(pushesAfter(ann, before)).isEmpty();
    Await.result("bob leaves for good", again.leave(room));
    awaitUsers(ann, "ann", "asking");
  }

  @Test
  void a_clean_leave_is_seen_at_once() {
    var ann = here("ann");
    var times = new ArrayList<Duration>();
    for (int i = 0; i < 20; i++) {
      var bob = there("bob");
      awaitUsers(ann, "ann", "bob");
      long begun = System.nanoTime();
      if (i % 2 == 0) {
        Await.result("bob leaves", bob.leave(room));
      } else {
        bob.hangUp(1000);
      }
      awaitUsers(ann, "ann");
      times.add(Duration.ofNanos(System.nanoTime() - begun));
    }
    times.sort(null);
    System.out.println("[presence] a clean leave is seen after " + times.get(10).toMillis()
        + " ms, at most " + times.getLast().toMillis() + " ms");
    assertThat(times.get(10)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void a_quick_reload_shows_nothing_at_all() {
    var ann = here("ann");
    var bob = here("bob");
    awaitUsers(ann, "ann", "bob");
    int before = ann.room(room).pushes().size();
    bob.hangUp(1001);
    there("bob");
    Await.pass(GRACE.plusMillis(500));
    assertThat(pushesAfter(ann, before)).isEmpty();
    awaitUsers(ann, "ann", "bob");
  }

  @Test
  void a_slow_reload_is_no_leaving_and_no_joining() {
    var ann = here("ann");
    var bob = there("bob");
    awaitUsers(ann, "ann", "bob");
    int before = ann.room(room).pushes().size();
    bob.hangUp(1001);
    awaitStates(ann, Map.of("ann", "online", "bob", "reconnecting"));
    here("bob");
    awaitUsers(ann, "ann", "bob");
    Await.pass(GRACE.plusMillis(500));
    assertThat(pushesAfter(ann, before))
        .hasSize(2)
        .allMatch(push -> push.containsKey("changed"))
        .noneMatch(push -> push.containsKey("joined") || push.containsKey("left"));
  }

  @Test
  void who_breaks_off_and_stays_away_has_left_after_the_grace() {
    var ann = here("ann");
    var bob = there("bob");
    awaitUsers(ann, "ann", "bob");
    long begun = System.nanoTime();
    bob.drop();
    awaitStates(ann, Map.of("ann", "online", "bob", "reconnecting"));
    awaitUsers(ann, "ann");
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(GRACE.minusMillis(50), GRACE.plusSeconds(2));
  }

  @Test
  void joining_again_is_no_news_to_the_others() {
    var ann = here("ann");
    var bob = there("bob");
    awaitUsers(ann, "ann", "bob");
    int before = ann.room(room).pushes().size();
    in(bob);
    awaitUsers(bob, "ann", "bob");
    Await.pass(Duration.ofMillis(300));
    assertThat(pushesAfter(ann, before)).isEmpty();
  }

  @Test
  void a_client_that_loses_pushes_finds_out_and_asks() {
    var random = new Random(7);
    var ann = here("ann");
    ann.hearOnly(push -> random.nextInt(3) > 0);
    for (int i = 0; i < 60; i++) {
      var one = i % 2 == 0 ? here("user" + i % 5) : there("user" + i % 5);
      Await.pass(Duration.ofMillis(random.nextInt(30)));
      if (random.nextBoolean()) {
        one.hangUp(1000);
      } else {
        Await.result("leaving", one.leave(room));
      }
    }
    ann.hearOnly(push -> true);
    there("last");
    awaitUsers(ann, "ann", "last");
    assertThat(ann.room(room).holes()).isPositive();
  }

  @Test
  void a_large_room_tells_only_how_many_and_not_often() {
    var ann = here("ann");
    var crowd = IntStream.range(0, 2 * FULL)
        .mapToObj(i -> i % 2 == 0 ? here("user" + i) : there("user" + i))
        .toList();
    PresenceList seen = ann.room(room);
    Await.until("all are counted", Await.SOON, () -> seen.count() == 2 * FULL + 1);
    int before = seen.pushes().size();
    assertThat(seen.pushes().getLast().fieldNames())
        .containsExactly("type", "room", "version", "count");
    long begun = System.nanoTime();
    for (int i = 0; i < 30; i++) {
      var come = here("more");
      Await.result("and go", come.leave(room));
      there("also" + i);
      Await.pass(Duration.ofMillis(50));
    }
    long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    assertThat(pushesAfter(ann, before)).hasSizeBetween(1, (int) seconds + 2);
    watchers.stream()
        .filter(one -> one != ann && !crowd.subList(0, 2).contains(one))
        .forEach(one -> one.hangUp(1000));
    awaitUsers(ann, "ann", "user0", "user1");
  }

  @Test
  void a_list_comes_in_pages() {
    var names = IntStream.range(0, 7).mapToObj(i -> "user" + i).toList();
    names.forEach(this::there);
    awaitUsers(here("ann"), Stream.concat(Stream.of("ann"), names.stream()).toArray(String[]::new));
    var asking = nodes.connect("zoe");
    asking.join(room);
    var question = JsonObject.of("type", "presence", "room", room, "limit", 3);
    var listed = new ArrayList<String>();
    JsonObject page;
    do {
      page = Await.result("a page", asking.request(question));
      assertThat(page.getInteger("count")).isEqualTo(9);
      page.getJsonArray("users").forEach(user -> listed.add(((JsonObject) user).getString("user")));
      question.put("after", listed.getLast());
    } while (page.getBoolean("more"));
    assertThat(listed).startsWith("ann", "user0").endsWith("user6", "zoe").hasSize(9);
  }

  @Test
  void who_may_not_ask_who_is_there_is_not_told_either() {
    var discreet = "discreet-" + room;
    var moderator = nodes.connectWith(moderator("mod"));
    moderator.join(discreet);
    var ann = nodes.connect("ann");
    ann.join(discreet);
    assertThat(moderator.joined(discreet).getLong("count")).isEqualTo(1);
    assertThat(ann.joined(discreet).fieldNames()).doesNotContain("count");
    var bob = nodes.connectToSecond("bob");
    bob.join(discreet);
    moderator.await("bob is there", push -> names(push, "joined").contains("bob"), Await.SOON);
    bob.leave(discreet);
    moderator.await("bob has left", push -> names(push, "left").contains("bob"), Await.SOON);
    ann.awaitAck(discreet, "what was pushed before is here by now", "mark");
    ann.await("message");
    assertThat(ann.inbox().frames()).noneMatch(frame -> frame.getString("type").equals("presence"));

    Await.result("a better token", ann.request(auth(moderator("ann"))));
    bob.join(discreet);
    ann.await("bob is back", push -> names(push, "joined").contains("bob"), Await.SOON);
  }

  private static String moderator(String user) {
    return new Tokens()
        .user(user)
        .role("moderator")
        .expiresIn(Duration.ofHours(1))
        .sign();
  }

  private static JsonObject auth(String token) {
    return JsonObject.of("type", "auth", "token", token);
  }

  private static List<String> names(JsonObject push, String list) {
    return push.getJsonArray(list, new JsonArray()).stream()
        .map(user -> ((JsonObject) user).getString("user"))
        .toList();
  }

  @Test
  void only_members_are_told() {
    here("ann");
    var outside = nodes.connect("outside");
    var refused = Await.failure(
        "asking from outside", outside.request(JsonObject.of("type", "presence", "room", room)));
    assertThat(refused)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.getMessage()).contains("not_joined"));
  }
}
