package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeProcessIT {
  @TempDir
  Path directory;

  private final List<NodeProcess> nodes = new ArrayList<>();

  private NodeProcess launch(NodeProcess.Start start) throws IOException {
    var node = NodeProcess.launch(start, FakeNode.jar(directory));
    nodes.add(node);
    return node;
  }

  private static NodeProcess.Start alone() {
    return NodeProcess.Start.alone("NodeProcessIT", UUID.randomUUID().toString());
  }

  @AfterEach
  void nobody_is_left() {
    nodes.stream().filter(NodeProcess::alive).forEach(NodeProcess::kill);
  }

  private static String ask(NodeProcess node, NodeProcess other) throws Exception {
    var uri = node.http().resolve("/ask?" + other.http() + "/health/ready");
    var answer = HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    return answer.body();
  }

  private static long droppedAt(Namespaces net, int i) {
    var rule = net.within(i, "iptables", "-w", "-nvxL", "INPUT")
        .lines()
        .skip(2)
        .findFirst()
        .orElseThrow();
    return Long.parseLong(rule.strip().split(" +", 2)[0]);
  }

  @Test
  void it_starts_serves_and_ends_when_asked() throws IOException {
    var node = launch(alone().with(List.of("-cluster"))).awaitReady();
    assertThat(node.log()).content().contains("arguments: -cluster");
    assertThat(node.webSocket())
        .isEqualTo(URI.create("ws://127.0.0.1:" + node.start().port() + "/ws"));
    node.terminate();
    assertThat(node.exitCode()).isEqualTo(143);
    node.close();
  }

  @Test
  void it_can_be_killed() throws IOException {
    var node = launch(alone()).awaitReady();
    node.kill();
    assertThat(node.exitCode()).isEqualTo(137);
    assertThat(node.ready()).isFalse();
  }

  @Test
  void a_frozen_node_answers_nobody_until_it_thaws() throws IOException {
    var node = launch(alone()).awaitReady();
    node.freeze();
    // The signal takes effect a moment after it was sent.
    Await.until("the node to stand still", Await.SOON, () -> !node.ready());
    node.thaw();
    assertThat(node.awaitReady().ready()).isTrue();
  }

  @Test
  void an_error_in_the_log_fails_the_test_unless_expected() throws IOException {
    var node = launch(alone().with("FAKE_SAYS", "12:00 ERROR disk on fire")).awaitReady();
    assertThatThrownBy(node::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("disk on fire");
    node.expect("on fire").close();
    var traced = launch(alone().with("FAKE_SAYS", "\\tat chat.parley.Main.main(Main.java:1)"))
        .awaitReady();
    assertThatThrownBy(traced::close).hasMessageContaining("at chat.parley.Main");
  }

  @Test
  void a_node_that_does_not_start_shows_its_last_words() throws IOException {
    var node = launch(alone().with("PARLEY_HTTP_PORT", "99999999"));
    assertThatThrownBy(node::awaitReady)
        .hasMessageContainingAll("ended with 1", "port out of range");
  }

  @Test
  void namespaces_are_cut_both_ways_or_one_way_and_healed() throws Exception {
    try (var net = Namespaces.of(2)) {
      var a = launch(alone().at(net.places().get(0), 9000)).awaitReady();
      var b = launch(alone().at(net.places().get(1), 9000)).awaitReady();
      assertThat(ask(a, b)).isEqualTo("there: 200");

      net.cut(0, 1);
      assertThat(List.of(ask(a, b), ask(b, a))).containsOnly("not there");
      assertThat(a.ready() && b.ready()).isTrue();

      net.heal();
      assertThat(List.of(ask(a, b), ask(b, a))).containsOnly("there: 200");

      net.cutOneWay(0, 1);
      assertThat(ask(b, a)).isEqualTo("not there");
      // The question reached a, or there would be no answer to drop.
      assertThat(droppedAt(net, 1)).isPositive();
      assertThat(net.within(0, "iptables", "-w", "-S", "INPUT")).doesNotContain("DROP");
      nodes.forEach(NodeProcess::kill);
    }
    assertThat(Shell.run("ip", "netns", "list"))
        .doesNotContain("parley-" + ProcessHandle.current().pid());
  }
}
