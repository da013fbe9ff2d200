package chat.parley.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.LostMember;
import chat.parley.testing.Nginx;
import chat.parley.testing.NodeProcess;
import chat.parley.testing.TestCluster;
import chat.parley.testing.Tokens;
import com.microsoft.playwright.Page;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The stock sockjs-client in Chromium, one of its HTTP transports at a time, behind nginx before three nodes in processes of their own. The last
 * test leaves one of them dead.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SockJsProxyIT {
  private static final String TEST = "SockJsProxyIT";
  private static final String LIBRARY =
      "/META-INF/resources/webjars/sockjs-client/1.6.1/dist/sockjs.min.js";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int EACH = 500;
  private static final int AT_A_TIME = 5;

  private static final Vertx VERTX = Vertx.vertx();
  private static Chromium chromium;
  private static TestCluster cluster;
  private static Nginx roundRobin;
  private static Nginx sticky;

  @SuppressWarnings("NullAway.Init") // set by each test
  private Page page;

  @SuppressWarnings("NullAway.Init") // set by each test
  private ChatClient partner;

  @BeforeAll
  static void start() {
    Nginx.assumeInstalled();
    chromium = Chromium.launch();
    cluster = TestCluster.of(3).named(TEST).start();
    var nodes = cluster.nodes().stream().map(NodeProcess::http).toList();
    roundRobin = Nginx.start(TEST, nodes, false);
    sticky = Nginx.start(TEST, nodes, true);
  }

  /** Without a browser or nginx nothing was started. */
  @AfterAll
  static void end() throws Exception {
    for (var one : new AutoCloseable[] {sticky, roundRobin, cluster, chromium}) {
      if (one != null) {
        one.close();
      }
    }
    Await.result("the end of the clients", VERTX.close());
  }

  @AfterEach
  void hangUp() {
    if (page != null) {
      page.context().close();
    }
    if (partner != null) {
      partner.close();
    }
  }

  private static String resource(String path) {
    try (var in = Objects.requireNonNull(SockJsProxyIT.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client in the browser, in the room. */
  private void talk(URI server, String transport, String room) {
    var context = chromium.browser().newContext();
    context.addInitScript(resource(LIBRARY));
    context.addInitScript(resource("/browser/sockjs-talker.js"));
    page = context.newPage();
    page.navigate(server.toString());
    page.evaluate(
        "async given => { window.me = talker(given); await me.ready }",
        Map.of(
            "url",
            server.resolve("/sockjs").toString(),
            "transport",
            transport,
            "token",
            Tokens.of("ann"),
            "room",
            room));
  }

  private void partner(NodeProcess node, String room) {
    partner = node.connect(VERTX, "bob");
    partner.join(room);
  }

  /** Both publish at once, each waiting for acks, so that the browser needs many requests. */
  private void publish(String room, int count) {
    beginInBrowser(count);
    asPartner(room, 0, count);
  }

  private void beginInBrowser(int count) {
    page.evaluate(
        "([count, atATime]) => { window.said = me.publish('a', count, atATime) }",
        List.of(count, AT_A_TIME));
  }

  private void asPartner(String room, int from, int to) {
    for (int i = from; i < to; i += AT_A_TIME) {
      int first = i;
      var acks = IntStream.range(0, AT_A_TIME)
          .mapToObj(n -> partner.publish(room, "hello", "b" + (first + n)))
          .toList();
      Await.result("acks", Future.all(acks), LONG);
    }
  }

  /** In the browser: 1, 2, 3 … without a hole and without a repeat, and every id once. */
  private void awaitAll(int count) {
    page.evaluate("() => said");
    page.waitForFunction(
        "count => me.heard.length >= count",
        count,
        new Page.WaitForFunctionOptions().setTimeout((double) LONG.toMillis()));
    assertThat(page.evaluate("me.heard.length")).isEqualTo(count);
    assertThat(page.evaluate("me.heard.every(({ seq }, i) => seq === i + 1)")).isEqualTo(true);
    assertThat(page.evaluate("new Set(me.heard.map(({ id }) => id)).size")).isEqualTo(count);
  }

  private static double forwarded() {
    return cluster.nodes().stream()
        .filter(NodeProcess::alive)
        .mapToDouble(node -> node.metric("parley_sockjs_forwarded_total", ""))
        .sum();
  }

  @Order(1)
  @ParameterizedTest
  @CsvSource({
    "xhr-polling,   false",
    "xhr-streaming, false",
    "eventsource,   false",
    "xhr-polling,   true",
    "xhr-streaming, true",
    "eventsource,   true"
  })
  void a_thousand_messages_come_in_order_once(String transport, boolean isSticky) {
    double before = forwarded();
    long began = System.nanoTime();
    var room = transport + (isSticky ? "-sticky" : "-round");
    talk((isSticky ? sticky : roundRobin).http(), transport, room);
    partner(cluster.node(0), room);
    publish(room, EACH);
    awaitAll(2 * EACH);
    assertThat(page.evaluate("me.ends")).isEqualTo(List.of());
    var hops = forwarded() - before;
    System.out.printf(
        "%s, %s: %d messages in %.1f s, %.0f requests forwarded%n",
        transport,
        isSticky ? "ip_hash" : "round robin",
        2 * EACH,
        (System.nanoTime() - began) / 1e9,
        hops);
    if (isSticky) {
      assertThat(hops).isZero();
    } else {
      assertThat(hops).isGreaterThan(20);
    }
  }

  @Order(2)
  @Test
  void a_client_whose_node_is_killed_comes_back_to_another_and_resumes() {
    cluster.expect(LostMember.LOG);
    talk(roundRobin.http(), "xhr-streaming", "kill");
    var owner = cluster.nodes().stream()
        .filter(node -> node.metric("parley_connections", "") == 1)
        .findFirst()
        .orElseThrow();
    var other =
        cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
    partner(other, "kill");
    beginInBrowser(EACH);
    asPartner("kill", 0, EACH / 2);
    owner.kill();
    asPartner("kill", EACH / 2, EACH);
    awaitAll(2 * EACH);
    assertThat((List<?>) page.evaluate("me.ends")).isNotEmpty();
  }
}
