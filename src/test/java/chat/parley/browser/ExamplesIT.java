package chat.parley.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.TestNode;
import chat.parley.testing.Tokens;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client where it is used: the examples in {@code src/examples}, a worker, and Node.js, all on a real node. */
@Timeout(120)
class ExamplesIT {
  private static final Path LIBRARIES = Path.of("target", "examples", "libraries");

  private static Chromium chromium;
  private static TestNode node;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;

  @BeforeAll
  static void start() {
    chromium = Chromium.launch();
    node = TestNode.alone(JsonObject.of("auth", JsonObject.of("guests", true)));
    for (var library : List.of("react", "react-dom")) {
      new Webjar(library).unpackTo(LIBRARIES.resolve(library));
    }
  }

  @AfterAll
  static void end() {
    if (node != null) {
      node.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  /** The example's own files come from the source tree, everything else from the node. */
  @BeforeEach
  void open() {
    context = chromium.browser().newContext();
    context.route("**/examples/**", route -> {
      var path = URI.create(route.request().url()).getPath().replaceFirst("^/examples/", "");
      route.fulfill(new FulfillOptions().setPath(Examples.SOURCE.resolve(path)));
    });
  }

  @AfterEach
  void no_page_complained() {
    context.close();
    assertThat(complaints).isEmpty();
  }

  private Page page(String path) {
    var page = context.newPage();
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onConsoleMessage(said -> {
      if (said.type().equals("error") && !said.text().contains("favicon")) {
        complaints.add(said.text());
      }
    });
    page.navigate(node.http().resolve("/examples/" + path).toString());
    return page;
  }

  private static void say(Page page, String text) {
    page.fill("input", text);
    page.press("input", "Enter");
  }

  private static void sees(Page page, String... lines) {
    assertThat(page.locator("#log li")).hasText(lines);
  }

  @Test
  void the_page_of_twenty_lines_is_a_chat() throws IOException {
    assertThat(lines("page/index.html") + lines("page/page.js")).isLessThanOrEqualTo(25);
    var ann = page("page/index.html");
    sees(ann);
    say(ann, "Anybody here?");
    var other = page("page/index.html");
    sees(other, "Ann: Anybody here?");
    say(other, "<b>Yes</b>");
    sees(ann, "Ann: Anybody here?", "Ann: <b>Yes</b>");
  }

  private static long lines(String example) throws IOException {
    return Files.readAllLines(Examples.SOURCE.resolve(example)).stream()
        .filter(line -> !line.isBlank())
        .count();
  }

  @Test
  void a_react_component_holds_a_room_by_a_hook() {
    context.route("https://esm.sh/**", ExamplesIT::react);
    var page = page("react/index.html");
    assertThat(page.locator("#state")).hasText("online");
    say(page, "From a component");
    assertThat(sent(page, "Ann: From a component")).hasCount(1);
    page.evaluate("dispatchEvent(new Event('offline'))");
    say(page, "And another");
    assertThat(sent(page, "Ann: And another")).hasCount(1);
    assertThat(page.locator("#log .pending")).hasCount(0);
  }

  private static Locator sent(Page page, String line) {
    return page.locator("#log li:not(.pending)")
        .filter(new Locator.FilterOptions().setHasText(line));
  }

  /** What the address in the import map would bring: React, which npm has as a script, as a module. */
  private static void react(Route route) {
    var dom = route.request().url().contains("react-dom");
    var file =
        dom ? "react-dom/umd/react-dom.production.min.js" : "react/umd/react.production.min.js";
    var exports = dom
        ? "export const { createRoot } = module.exports"
        : "export default module.exports; export const { createElement, useState, useMemo, useEffect, useSyncExternalStore } = module.exports";
    var imports = dom ? "import React from 'react'; const require = () => React;" : "";
    route.fulfill(new FulfillOptions()
        .setContentType("text/javascript")
        .setHeaders(Map.of("Access-Control-Allow-Origin", "*", "Content-Type", "text/javascript"))
        .setBody(imports + "const module = { exports: {} }, exports = module.exports;\n"
            + read(LIBRARIES.resolve(file)) + "\n" + exports));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_bot_answers_once_however_often_it_starts() throws Exception {
    NodeJs.assumeThere();
    var folder = Examples.install("bot", "ws");
    var page = page("page/index.html");
    assertThat(page.locator("form")).isVisible();
    for (int run = 0; run < 2; run++) {
      var bot = bot(folder);
      try {
        var out = bot.inputReader(UTF_8);
        for (var line = out.readLine(); line != null && !line.startsWith("in "); ) {
          line = out.readLine();
        }
        say(page, run == 0 ? "ping" : "no question");
        assertThat(sent(page, "bot: pong")).hasCount(1);
      } finally {
        bot.destroy();
        assertThat(bot.waitFor(10, TimeUnit.SECONDS))
            .as("the bot ends when told")
            .isTrue();
      }
    }
  }

  private static Process bot(Path folder) throws IOException {
    var builder = new ProcessBuilder("node", "bot/bot.mjs").directory(folder.toFile());
    builder.environment().put("PARLEY_URL", node.http() + "/ws");
    builder.environment().put("PARLEY_TOKEN", Tokens.of("bot"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void a_worker_chats_without_a_page() {
    var page = page("page/index.html");
    var said = page.evaluate("""
        async ([origin, token]) => {
          const code = `
            import { parley } from '${origin}/parley.js'
            import { indexedDBStorage } from '${origin}/parley-indexeddb.js'
            addEventListener('unhandledrejection', event => postMessage('failed: ' + event.reason))
            const storage = indexedDBStorage('worker')
            const chat = parley('${origin}/ws', { token: '${token}', outbox: { storage } })
            const room = chat.room('worker')
            room.on('message', ({ user, data }) => postMessage(user + ': ' + data))
            await room.join()
            await storage.setItem('a', 'b')
            await room.send('from a worker; ' + (await storage.getItem('a')) + ' is kept')`
          const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
          return new Promise((resolve, reject) => {
            const worker = new Worker(url, { type: 'module' })
            worker.onmessage = event => resolve(event.data)
            worker.onerror = event => reject(new Error(`the worker failed: ${event.message}`))
            setTimeout(reject, 20_000, new Error('nothing from the worker'))
          })
        }""", List.of(node.http().toString(), Tokens.of("wendy")));
    assertThat(said).isEqualTo("wendy: from a worker; b is kept");
  }
}
