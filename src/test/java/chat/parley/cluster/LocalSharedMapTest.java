package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalSharedMapTest extends SharedMapContract {
  private final Cluster cluster = new LocalCluster(NodeId.next());

  @Override
  SharedMap<Tally> map() {
    return cluster.map("tallies");
  }

  @Override
  SharedMap<Tally> mapElsewhere() {
    return map();
  }

  @Test
  void an_answer_is_there_when_the_call_returns() {
    assertThat(map().submit("room", new Tally.Vote("ann")).isComplete()).isTrue();
  }

  @Test
  void owned_counts_the_keys() {
    await(map().submit("a", new Tally.Vote("ann")));
    await(map().submit("b", new Tally.Vote("ann")));
    assertThat(map().owned()).isEqualTo(2);
  }

  @Test
  void it_is_alone_and_safe_and_agrees_with_itself() {
    assertThat(cluster.nodes()).containsExactly(cluster.nodeId());
    assertThat(cluster.safe()).isTrue();
    assertThat(await(cluster.agree("secret", "first"))).isEqualTo("first");
    assertThat(await(cluster.agree("secret", "second"))).isEqualTo("first");
  }
}
