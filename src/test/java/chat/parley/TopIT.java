package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.FreePorts;
import chat.parley.testing.Tokens;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code parley top} against a node. */
@Timeout(60)
class TopIT {
  private static final Map<String, String> ADMIN =
      Map.of("PARLEY_ADMIN_TOKEN", Tokens.admin("operator"));
  private static TestNode node;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void start() {
    node = TestNode.alone(new JsonObject());
  }

  @AfterAll
  static void end() {
    node.close();
  }

  private int top(Map<String, String> environment, String url, String... more) {
    var args = new String[more.length + 3];
    args[0] = "top";
    args[1] = "--url";
    args[2] = url;
    System.arraycopy(more, 0, args, 3, more.length);
    return Top.run(
        args, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void it_shows_nodes_and_rooms_as_often_as_asked() {
    try (var ann = node.connect(node.vertx(), "ann")) {
      ann.join("top");
      ann.awaitAck("top", "hello", "m1");

      assertThat(top(ADMIN, node.http().toString(), "--times", "2", "--every", "1"))
          .isZero();
    }
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(out.toString(UTF_8).lines().map(line -> line.replaceAll(" +", " ")))
        .filteredOn(line -> !line.isBlank())
        .anyMatch(line -> line.contains(node.http().getAuthority()))
        .contains("top 1", "top 1 0.0");
  }

  @Test
  void who_may_not_is_told_so() {
    assertThat(top(Map.of(), node.http().toString(), "--times", "1")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("PARLEY_ADMIN_TOKEN");

    var ann = Map.of("PARLEY_ADMIN_TOKEN", Tokens.of("ann"));
    assertThat(top(ann, node.http().toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("403, this takes a token of role admin");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void a_node_that_is_not_there_ends_it() {
    assertThat(top(ADMIN, "http://127.0.0.1:" + FreePorts.one())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("can't be asked").doesNotContain("\tat ");
  }

  @Test
  void what_it_does_not_know_it_refuses() {
    assertThat(top(ADMIN, node.http().toString(), "--often")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("--often");
    assertThat(top(ADMIN, node.http().toString(), "--every", "0")).isEqualTo(2);
  }
}
