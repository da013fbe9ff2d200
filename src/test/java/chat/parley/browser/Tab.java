package chat.parley.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One person's tab with the demo page, and a memory of all that the page complained of: errors, warnings, violated policies,
 * dialogs. Confined to the test's thread.
 */
final class Tab implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();
  private final List<Pattern> expected = new ArrayList<>();
  private String left = "";
  private String accepted = "";

  private Tab(BrowserContext context) {
    this.context = context;
    this.page = context.newPage();
    page.onConsoleMessage(this::hear);
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onCrash(crashed -> complaints.add("the page crashed"));
    page.onDialog(dialog -> {
      if (dialog.type().equals(accepted)) {
        dialog.accept();
      } else {
        complaints.add("dialog " + dialog.type() + ": " + dialog.message());
        dialog.dismiss();
      }
    });
  }

  /** A tab of its own at the door of this server. */
  static Tab open(Chromium chromium, Browser.NewContextOptions options, URI server) {
    var tab = new Tab(chromium.browser().newContext(options.setLocale("en-GB")));
    tab.page.navigate(server.toString());
    return tab;
  }

  /** A tab of somebody whom the application has let in already. */
  static Tab signedIn(Chromium chromium, URI server, String name, String token) {
    var context = chromium.browser().newContext(new Browser.NewContextOptions().setLocale("en-GB"));
    context.addInitScript("sessionStorage.setItem('parley.name', '%s')".formatted(name));
    context.addInitScript("sessionStorage.setItem('parley.token', '%s')".formatted(token));
    var tab = new Tab(context);
    tab.page.navigate(server.toString());
    return tab.awaitState("online");
  }

  private void hear(ConsoleMessage message) {
    if (message.type().equals("error") || message.type().equals("warning")) {
      complaints.add(message.type() + ": " + message.text() + " at " + message.location());
    }
  }

  /** A complaint in which this is found is no surprise. */
  Tab expect(String regex) {
    expected.add(Pattern.compile(regex));
    return this;
  }

  /** Says yes to dialogs of this type. */
  Tab accepting(String type) {
    accepted = type;
    return this;
  }

  /** Says who they are, and waits for the server to greet them. */
  Tab enter(String name) {
    return knock(name).awaitState("online");
  }

  /** Says who they are, as with the keyboard. */
  Tab knock(String name) {
    page.fill("#nick", name);
    page.press("#nick", "Enter");
    return this;
  }

  /** Joins a room, and shows it. */
  Tab join(String room) {
    if (find("#back").isVisible()) {
      find("#back").click();
    }
    page.fill("#new-room", room);
    page.press("#new-room", "Enter");
    assertThat(page.locator("#title")).hasText(room);
    return this;
  }

  /** Writes and sends. */
  Tab say(String text) {
    page.fill("#composer", text);
    page.press("#composer", "Enter");
    return this;
  }

  /** Leaves the page for another one; with {@link #comeBack} it is a slow reload. */
  Tab goElsewhere() {
    left = page.url();
    page.navigate("about:blank");
    return this;
  }

  /** To the page that was left, in the same tab. */
  Tab comeBack() {
    page.navigate(left);
    return awaitState("online");
  }

  /** Waits for {@code connecting}, {@code online}, {@code reconnecting}, {@code offline} or {@code closed}. */
  Tab awaitState(String state) {
    return awaitState(state, SOON);
  }

  /** The same with more or less patience. */
  Tab awaitState(String state, Duration limit) {
    assertThat(find("#state"))
        .hasAttribute(
            "data-state", state, new HasAttributeOptions().setTimeout((double) limit.toMillis()));
    return this;
  }

  /** Waits until the room shows these messages, all of them in this order and no other. */
  Tab awaitMessages(String... texts) {
    return awaitTexts("#messages .message .text", texts);
  }

  /** The same with more or less patience. */
  Tab awaitMessages(Duration limit, String... texts) {
    assertThat(find("#messages .message .text"))
        .hasText(texts, new HasTextOptions().setTimeout((double) limit.toMillis()));
    return this;
  }

  /** The messages that the room shows now. */
  List<String> texts() {
    return find("#messages .message .text").allTextContents();
  }

  /** Waits until the messages shown as one's own are these. */
  Tab awaitOwn(String... texts) {
    return awaitTexts("#messages .message.mine:not([data-state]) .text", texts);
  }

  /** Waits for the names over the messages of others. */
  Tab awaitAuthors(String... names) {
    return awaitTexts("#messages .message:not(.mine):not(.continued) .name", names);
  }

  /** Waits for exactly these texts in these elements. */
  Tab awaitTexts(String selector, String... texts) {
    assertThat(find(selector))
        .hasText(texts, new HasTextOptions().setTimeout((double) SOON.toMillis()));
    return this;
  }

  /** Waits for a text somewhere in an element. */
  Tab awaitIn(String selector, String text) {
    return awaitIn(selector, text, SOON);
  }

  /** The same with more or less patience. */
  Tab awaitIn(String selector, String text, Duration limit) {
    assertThat(find(selector))
        .containsText(text, new ContainsTextOptions().setTimeout((double) limit.toMillis()));
    return this;
  }

  Locator find(String selector) {
    return page.locator(selector);
  }

  Page page() {
    return page;
  }

  /** Which users wrote these messages, as the page knows them: each once. */
  List<String> authorsOf(String... texts) {
    return Stream.of(texts)
        .map(text -> find(".message").filter(new Locator.FilterOptions().setHasText(text)))
        .map(message -> message.getAttribute("data-user"))
        .distinct()
        .toList();
  }

  /** Keeps what is to be seen now in {@code target/screenshots}; whoever can't see it, or not well, must be able to use it too. */
  Tab screenshot(String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    complaints.addAll(Axe.violations(page, name));
    return this;
  }

  /** What the page complained of and nobody expected. */
  List<String> surprises() {
    return complaints.stream()
        .filter(
            said -> expected.stream().noneMatch(pattern -> pattern.matcher(said).find()))
        .toList();
  }

  @Override
  public void close() {
    context.close();
  }
}
