package chat.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.LostMember;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Tokens;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to the browser, to the network and to the nodes: no message is lost and none is doubled, as seen in the page. Each tab
 * reaches the nodes by a cable of its own.
 */
@Timeout(180)
class UnbrokenIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SLEEP = Duration.ofSeconds(60);

  private static Chromium chromium;
  private static TestCluster cluster;

  private final List<Tab> tabs = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();

  @BeforeAll
  static void start() {
    chromium = Chromium.launch();
    cluster = TestCluster.of(2)
        .named("UnbrokenIT")
        .with("PARLEY_AUTH_GUESTS", "true")
        .with("PARLEY_HEARTBEAT_INTERVAL", "2s")
        .with("PARLEY_HEARTBEAT_TIMEOUT", "6s")
        .with("PARLEY_DRAIN_SECONDS", "3s")
        .expect(LostMember.LOG)
        .start();
  }

  @AfterAll
  static void end() {
    try {
      if (cluster != null) {
        cluster.close();
      }
    } finally {
      if (chromium != null) {
        chromium.close();
      }
    }
  }

  @AfterEach
  void no_page_complained() {
    var surprises = tabs.stream().flatMap(tab -> tab.surprises().stream()).toList();
    tabs.forEach(Tab::close);
    cables.forEach(Cable::close);
    assertThat(surprises).as("complaints of the page").isEmpty();
  }

  private Cable cable(int first, int second) {
    var cable = Cable.to(cluster.node(first).http(), cluster.node(second).http());
    cables.add(cable);
    return cable;
  }

  private Tab tab(String name, Cable cable, String room) {
    return keep(Tab.open(
            chromium, new NewContextOptions().setViewportSize(1280, 800), cable.http()))
        .enter(name)
        .join(room);
  }

  /** A broken connection is no surprise here; anything else is. */
  private Tab keep(Tab tab) {
    tabs.add(tab);
    return tab.expect("WebSocket connection to .* failed|net::ERR_");
  }

  private static void say(Tab tab, String prefix, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> tab.say(prefix + " " + i));
  }

  private static String[] said(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + " " + i).toArray(String[]::new);
  }

  private static void allSee(List<Tab> tabs, String... texts) {
    tabs.forEach(tab -> tab.awaitMessages(PATIENCE, texts));
  }

  @Test
  void what_is_written_offline_is_sent_afterwards() {
    var ann = tab("Ann", cable(0, 1), "offline");
    var bob = tab("Bob", cable(1, 0), "offline");
    say(ann, "line", 1, 2);
    bob.awaitMessages(said("line", 2));

    ann.page().context().setOffline(true);
    ann.awaitState("offline", PATIENCE).awaitIn("#banner", "There is no network.");
    say(ann, "line", 3, 6);
    bob.awaitMessages(said("line", 2));
    ann.page().context().setOffline(false);

    allSee(List.of(ann, bob), said("line", 6));
    assertThat(ann.find("#messages [data-state]").count()).isZero();
  }

  @Test
  void a_network_that_dies_without_a_word_is_noticed_and_nothing_is_lost() {
    var cable = cable(0, 1);
    var ann = tab("Ann", cable, "dead");
    var bob = tab("Bob", cable(1, 0), "dead");
    say(ann, "line", 1, 2);
    bob.awaitMessages(said("line", 2));

    cable.die();
    say(ann, "line", 3, 5);
    ann.awaitState("reconnecting", PATIENCE);
    bob.say("from the other side");
    cable.mend();

    Stream.of(ann, bob).forEach(tab -> tab.awaitIn("#messages", "line 5", PATIENCE));
    Stream.of(ann, bob)
        .forEach(tab -> assertThat(tab.texts())
            .containsExactlyInAnyOrder(
                "line 1", "line 2", "line 3", "line 4", "line 5", "from the other side"));
    assertThat(ann.texts()).isEqualTo(bob.texts());
  }

  @Test
  void what_was_unsent_at_a_reload_is_sent_after_it_once() {
    var cable = cable(0, 1);
    var ann = tab("Ann", cable, "reload");
    var bob = tab("Bob", cable(1, 0), "reload");
    say(ann, "line", 1, 1);
    bob.awaitMessages("line 1");

    cable.die();
    say(ann, "line", 2, 4);
    ann.awaitTexts("[data-state=pending] .text", "line 2", "line 3", "line 4");
    ann.accepting("beforeunload").goElsewhere();
    cable.mend();
    ann.comeBack();

    allSee(List.of(ann, bob), said("line", 4));
    assertThat(bob.authorsOf(said("line", 4))).hasSize(1);
    assertThat(ann.find("#messages [data-state]").count()).isZero();
  }

  @Test
  void tokens_that_end_are_renewed_and_nobody_notices() {
    var asked = new AtomicInteger();
    var cable = cable(0, 1);
    var ann =
        keep(Tab.open(chromium, new NewContextOptions().setViewportSize(1280, 800), cable.http()));
    ann.page().route("**/api/guest", route -> shortLived(route, asked));
    ann.enter("Ann").join("tokens");
    var bob = tab("Bob", cable(1, 0), "tokens");
    for (int i = 1; i <= 9; i++) {
      ann.say("line " + i);
      bob.awaitMessages(said("line", i));
      ann.page().waitForTimeout(1500);
    }
    allSee(List.of(ann, bob), said("line", 9));
    assertThat(asked.get()).as("tokens asked for").isGreaterThan(2);
    assertThat(bob.authorsOf(said("line", 9))).hasSize(1);
  }

  private static void shortLived(Route route, AtomicInteger asked) {
    asked.incrementAndGet();
    var token =
        new Tokens().user("ann").name("Ann").expiresIn(Duration.ofSeconds(6)).sign();
    route.fulfill(new Route.FulfillOptions()
        .setContentType("application/json")
        .setBody("{\"token\":\"" + token + "\"}"));
  }

  @Test
  void two_tabs_of_one_person_are_two_views_of_one_conversation() {
    var token =
        new Tokens().user("ann").name("Ann").expiresIn(Duration.ofHours(1)).sign();
    var first = keep(Tab.signedIn(chromium, cable(0, 1).http(), "Ann", token)).join("twice");
    var second = keep(Tab.signedIn(chromium, cable(1, 0).http(), "Ann", token)).join("twice");
    first.say("line 1");
    second.awaitMessages("line 1").say("line 2");
    first.awaitMessages("line 1", "line 2");
    say(first, "line", 3, 5);
    allSee(List.of(first, second), said("line", 5));
    second.awaitOwn(said("line", 5));
    first.awaitOwn(said("line", 5));
  }

  @Test
  void a_page_that_sleeps_a_minute_while_nodes_drain_and_die_misses_nothing() {
    var ann = tab("Ann", cable(1, 0), "sleep");
    var bob = tab("Bob", cable(1, 0), "sleep");
    var cem = tab("Cem", cable(0, 1), "sleep");
    say(cem, "line", 1, 1);
    allSee(List.of(ann, bob), said("line", 1));

    var sleeper = ann.page().context().newCDPSession(ann.page());
    lifecycle(sleeper, "frozen");
    var asleep = System.nanoTime();
    drain(1, bob, cem);
    kill(0, bob, cem);
    while (System.nanoTime() - asleep < SLEEP.toNanos()) {
      cem.page().waitForTimeout(500);
    }
    lifecycle(sleeper, "active");

    allSee(List.of(bob, cem), said("line", 9));
    ann.awaitState("online", PATIENCE);
    allSee(List.of(ann), said("line", 9));
    say(ann, "line", 10, 10);
    allSee(List.of(ann, bob, cem), said("line", 10));
  }

  /** The node leaves in order: its clients go elsewhere, writing all the while. */
  private static void drain(int node, Tab bob, Tab cem) {
    say(bob, "line", 2, 2);
    allSee(List.of(bob, cem), said("line", 2));
    cluster.node(node).terminate();
    say(bob, "line", 3, 5);
    allSee(List.of(bob, cem), said("line", 5));
    Await.until("the node has left", PATIENCE, () -> !cluster.node(node).alive());
    cluster.restart(node).awaitReady();
    cluster.awaitReady();
  }

  private static void kill(int node, Tab bob, Tab cem) {
    cluster.kill(node);
    say(cem, "line", 6, 8);
    allSee(List.of(bob, cem), said("line", 8));
    say(bob, "line", 9, 9);
    cluster.restart(node).awaitReady();
    cluster.awaitReady();
  }

  private static void lifecycle(CDPSession session, String state) {
    var what = new JsonObject();
    what.addProperty("state", state);
    session.send("Page.setWebLifecycleState", what);
  }

  @Test
  void where_no_websocket_gets_through_sockjs_does() {
    var ann = tab("Ann", cable(0, 1).withoutWebSockets(), "around");
    var bob = tab("Bob", cable(1, 0), "around");
    say(ann, "line", 1, 3);
    bob.awaitMessages(said("line", 3)).say("line 4");
    allSee(List.of(ann, bob), said("line", 4));
    assertThat(ann.page().evaluate("typeof SockJS")).isEqualTo("function");
    assertThat(bob.page().evaluate("typeof SockJS")).isEqualTo("undefined");
  }
}
