package chat.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.LostMember;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Tokens;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo page in Chromium, its tabs on two nodes in processes of their own. */
@Timeout(120)
class BrowserIT {
  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  private static Chromium chromium;
  private static TestCluster cluster;

  private final List<Tab> tabs = new ArrayList<>();

  @BeforeAll
  static void start() {
    chromium = Chromium.launch();
    cluster =
        TestCluster.of(2).named("BrowserIT").with("PARLEY_AUTH_GUESTS", "true").start();
  }

  /** Without a browser nothing was started. */
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
    assertThat(surprises).as("complaints of the page").isEmpty();
  }

  private Tab tab(int node) {
    return tab(node, new NewContextOptions().setViewportSize(1280, 800));
  }

  private Tab tab(int node, NewContextOptions options) {
    return keep(Tab.open(chromium, options, cluster.node(node).http()));
  }

  private Tab keep(Tab tab) {
    tabs.add(tab);
    return tab;
  }

  @Test
  void tabs_on_two_nodes_talk_and_each_knows_its_own_messages() {
    var ann = tab(0).enter("Ann").join("talk");
    var bob = tab(1).enter("Bob").join("talk");
    assertThat(ann.find("#state-text").textContent())
        .isNotEqualTo(bob.find("#state-text").textContent());

    ann.say("Hello from the first node");
    bob.awaitMessages("Hello from the first node").say("And back from the second");
    ann.awaitMessages("Hello from the first node", "And back from the second");

    ann.awaitOwn("Hello from the first node").awaitAuthors("Bob");
    bob.awaitOwn("And back from the second").awaitAuthors("Ann");
  }

  @Test
  void a_reload_resumes_as_the_same_person_and_misses_nothing() {
    var ann = tab(0).enter("Ann").join("reload");
    var bob = tab(1).enter("Bob").join("reload").say("before");
    ann.awaitMessages("before");

    bob.awaitOwn("before").page().reload();
    bob.awaitState("online").awaitMessages("before").goElsewhere();
    ann.say("meanwhile");
    bob.comeBack().awaitMessages("before", "meanwhile").awaitOwn("before").say("after");

    ann.awaitMessages("before", "meanwhile", "after");
    assertThat(ann.authorsOf("before", "after")).hasSize(1);
    assertThat(bob.page().title()).isEqualTo("reload · Parley");
  }

  @Test
  void a_guest_who_asks_for_another_token_stays_the_same_person() {
    var ann = tab(0).enter("Ann").join("guests");
    var bob = tab(1).enter("Bob").join("guests").say("with the first token");
    ann.awaitMessages("with the first token");

    bob.awaitOwn("with the first token")
        .page()
        .evaluate("import('./app/guest.js').then(guest => guest.identity.enter('Robert'))");
    bob.page().reload();
    bob.awaitState("online").say("with the second");

    ann.awaitMessages("with the first token", "with the second").awaitIn("#messages", "Robert");
    assertThat(ann.authorsOf("with the first token", "with the second")).hasSize(1);
  }

  @Test
  void a_tab_whose_node_is_killed_says_so_comes_back_and_misses_nothing() {
    var ann = tab(0).enter("Ann").join("kill");
    var bob = tab(1).expect("ERR_CONNECTION_(REFUSED|RESET)").enter("Bob").join("kill");
    bob.say("before");
    ann.awaitMessages("before");

    cluster.expect(LostMember.LOG).kill(1);
    bob.awaitState("reconnecting")
        .awaitIn("#banner", "Reconnecting… Messages you write will be sent");
    ann.say("while you were away").say("and once more");
    bob.say("written in the dark")
        .awaitIn("[data-state=pending]", "Sending…")
        .screenshot("reconnecting");
    ann.awaitMessages("before", "while you were away", "and once more");
    cluster.restart(1).awaitReady();

    bob.awaitState("online", Duration.ofSeconds(60));
    Stream.of(ann, bob)
        .forEach(tab -> tab.awaitMessages(
            "before", "while you were away", "and once more", "written in the dark"));
    bob.awaitOwn("before", "written in the dark");
    assertThat(ann.authorsOf("before", "written in the dark")).hasSize(1);
    assertThat(bob.find("#banner").isVisible()).isFalse();
    assertThat(bob.find(".fate").count()).isZero();
  }

  @Test
  void markup_in_names_rooms_and_messages_stays_text() {
    var ann = tab(0).enter(MARKUP).join("markup");
    var token = new Tokens().user(MARKUP).expiresIn(Duration.ofHours(1)).sign();
    var eve = keep(Tab.signedIn(chromium, cluster.node(1).http(), "Eve", token)).join("markup");
    var script = "<script>alert(2)</script> javascript:alert(3) &lt;b&gt;";
    var link = "https://example.org/\"onmouseover=\"alert(4)";

    ann.say(MARKUP).say(script);
    eve.say(link);

    Stream.of(ann, eve)
        .forEach(tab -> tab.awaitMessages(MARKUP, script, link).awaitAuthors(MARKUP));
    eve.page().hover(".mine .text");
    ann.page().fill("#new-room", MARKUP);
    ann.page().press("#new-room", "Enter");
    ann.awaitIn("#room-refusal", "make a room’s name");
    ann.page().evaluate("location.hash = '" + MARKUP + "'");
    for (var tab : List.of(ann, eve)) {
      assertThat(tab.find("#chat img:not([src='favicon.svg']), #chat script, #chat b b")
              .count())
          .isZero();
      assertThat(tab.find("#messages a").evaluateAll("all => all.map(a => a.getAttribute('href'))"))
          .isEqualTo(List.of("https://example.org/"));
      assertThat(tab.find("#messages [onmouseover], #messages [onerror]").count())
          .isZero();
    }
  }

  @Test
  void what_is_said_in_other_rooms_is_counted_until_it_is_read() {
    var ann = tab(0).enter("Ann").join("unread");
    var bob = tab(1).enter("Bob").join("unread").join("elsewhere");
    ann.say("one").say("two").say("three");

    bob.awaitTexts("#rooms a[data-room=unread] .badge", "3 unread");
    assertThat(bob.page().title()).isEqualTo("(3) elsewhere · Parley");
    assertThat(bob.find(".badge").count()).isEqualTo(1);
    bob.find("#rooms a[data-room=unread]").click();

    bob.awaitMessages("one", "two", "three").awaitTexts("#messages .line", "Today", "New");
    assertThat(bob.find(".badge").count()).isZero();
    assertThat(bob.page().title()).isEqualTo("unread · Parley");
  }

  @Test
  void the_keyboard_is_enough() {
    var bob = tab(1).enter("Bob").join("keys");
    var ann = tab(0).enter("Ann").join("keys");
    var keyboard = ann.page().keyboard();

    keyboard.type("first line");
    keyboard.press("Shift+Enter");
    keyboard.type("second line");
    keyboard.press("Enter");
    bob.awaitMessages("first line\nsecond line");

    keyboard.type("a draft");
    keyboard.press("Alt+ArrowDown");
    ann.awaitIn("#title", "general");
    assertThat(ann.find("#composer").inputValue()).isEmpty();
    keyboard.press("Alt+ArrowUp");
    ann.awaitIn("#title", "keys");
    keyboard.type(" continued");
    keyboard.press("Enter");
    bob.awaitMessages("first line\nsecond line", "a draft continued");
  }

  @Test
  void a_server_without_guests_says_where_people_come_in() {
    try (var node = NodeProcess.launch(NodeProcess.Start.alone("BrowserIT", "noguests"))) {
      var options = new NewContextOptions().setViewportSize(1280, 800);
      var tab = keep(Tab.open(chromium, options, node.awaitReady().http()));
      tab.expect("status of 403").knock("Ann");
      tab.awaitTexts(
          "#refusal",
          "This server admits no guests: people come in through the application it belongs to.");
      assertThat(tab.find("#chat").isVisible()).isFalse();
      tab.screenshot("no-guests");
    }
  }

  @Test
  void it_is_pleasant_on_a_desktop_a_phone_and_in_the_dark() {
    var desk = tab(0).screenshot("door").enter("Ann Lee").join("design");
    var phone = tab(
            1,
            new NewContextOptions().setViewportSize(390, 844).setIsMobile(true).setHasTouch(true))
        .enter("Bob")
        .join("design");
    converse(desk, phone);
    var dark = tab(
            1, new NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK))
        .enter("Cleo")
        .join("design")
        .awaitIn("#messages", "See you there");

    desk.screenshot("desktop");
    phone.screenshot("phone");
    dark.screenshot("dark");
    phone.find("#back").tap();
    phone.screenshot("phone-rooms");
    tabs.forEach(
        tab -> assertThat(tab.page().evaluate("document.documentElement.scrollWidth <= innerWidth"))
            .isEqualTo(true));
  }

  private static void converse(Tab desk, Tab phone) {
    desk.say("Morning! Did the second node come up?");
    desk.awaitMessages("Morning! Did the second node come up?");
    phone.say("It did, 3 s after the first. The cluster was safe at once.");
    desk.awaitIn("#messages", "safe at once")
        .say("Good. Then we can take the old one down at noon.");
    phone
        .awaitIn("#messages", "at noon")
        .say("Fine with me")
        .say(
            "The steps are at https://parley.example/runbook/rolling-update, and a word that wraps: "
                + "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen");
    desk.awaitIn("#messages", "abzeichen").say("Two lines\nof one message");
    phone.awaitIn("#messages", "of one message").say("See you there");
    desk.awaitIn("#messages", "See you there");
  }
}
