package chat.parley.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** One room, one node, nothing goes wrong; only the order of things is awkward. */
class RoomPresenceTest {
  private static SimulatedCluster calm(int full) {
    var cluster = new SimulatedCluster(new Random(1), 1, full);
    cluster.calm();
    cluster.pass(1_000);
    return cluster;
  }

  @Test
  void who_is_there_between_two_frames_only_stays_on_nobodys_list() {
    var cluster = calm(200);
    var node = cluster.nodes.getFirst();
    node.enter("first", "first");
    cluster.pass(20); // told, and the next frame has to wait
    node.enter("brief", "brief");
    cluster.pass(10);
    node.askAnew();
    node.leave("brief");
    cluster.pass(500);

    assertThat(node.list.users()).isEqualTo(cluster.truth());
  }

  @Test
  void a_list_that_was_asked_for_while_the_room_was_large_is_asked_for_again() {
    var cluster = calm(5);
    var node = cluster.nodes.getFirst();
    for (int i = 0; i < 9; i++) {
      node.enter("s" + i, "user" + i);
    }
    cluster.pass(3_000);
    node.enter("one more", "one more");
    cluster.pass(20); // told, and the next frame has to wait
    node.askAnew();
    cluster.pass(10);
    node.leave("one more");
    for (int i = 0; i < 8; i++) {
      node.leave("s" + i);
    }
    cluster.pass(3_000);

    assertThat(node.list.users()).isEqualTo(cluster.truth());
  }
}
