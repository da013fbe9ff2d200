package chat.parley.room;

import static chat.parley.room.Samples.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Mergeable;
import chat.parley.cluster.SharedMap;
import chat.parley.metrics.Metrics;
import chat.parley.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who takes the name of a dead node out of a quiet room. In all of these it is node {@code d} that died. */
class HousekeepingTest {
  private final Vertx vertx = Vertx.vertx();

  /** The nodes as this one sees them come and go, and the rooms of all. */
  private static final class Nodes implements Cluster {
    private final LocalCluster rooms;
    private final Set<String> present = new HashSet<>();
    private Consumer<Change> handler = change -> {};

    Nodes(String self, String... others) {
      rooms = new LocalCluster(self);
      present.add(self);
      present.addAll(List.of(others));
      Await.result("listening", map().submit(ROOM, new Watch("d", "e1")));
    }

    SharedMap<RoomState> map() {
      return map(RoomNode.MAP);
    }

    void joined(String node) {
      present.add(node);
      handler.accept(new Change(Set.of(node), Set.of(), false));
    }

    void died(String node) {
      present.remove(node);
      handler.accept(new Change(Set.of(), Set.of(node), false));
    }

    boolean hearsTheDead() {
      return Await.result("who listens", map().submit(ROOM, new Look())).hears("d");
    }

    @Override
    public String nodeId() {
      return rooms.nodeId();
    }

    @Override
    public String host() {
      return rooms.host();
    }

    @Override
    public Set<String> nodes() {
      return Set.copyOf(present);
    }

    @Override
    public void onChange(Consumer<Change> toTell) {
      handler = toTell;
    }

    @Override
    public <V extends Mergeable<V>> SharedMap<V> map(String name) {
      return rooms.map(name);
    }

    @Override
    public boolean safe() {
      return rooms.safe();
    }

    @Override
    public @Nullable String hindrance() {
      return rooms.hindrance();
    }

    @Override
    public Future<String> agree(String name, String offer) {
      return rooms.agree(name, offer);
    }
  }

  private RoomNode start(Nodes nodes) {
    return Await.result(
        "start",
        RoomNode.start(
            vertx,
            nodes,
            new RetentionRules(Samples.PLENTY, List.of()),
            InstantSource.system(),
            Duration.ofSeconds(3),
            new Metrics(new SimpleMeterRegistry())));
  }

  @AfterEach
  void close() {
    Await.result("close", vertx.close());
  }

  @Test
  void the_first_node_by_name_keeps_house() {
    var nodes = new Nodes("b", "c", "d");
    var node = start(nodes);

    nodes.died("d");
    node.keepHouse();

    Await.until("the dead is forgotten", Await.SOON, () -> !nodes.hearsTheDead());
  }

  /** The name stayed for ever: who kept house had never heard of the dead, and who had did not keep house. */
  @Test
  void a_housekeeper_younger_than_the_death_leaves_it_to_the_first_that_saw_it() {
    var nodes = new Nodes("b", "c", "d");
    var node = start(nodes);

    nodes.died("d");
    nodes.joined("a");
    node.keepHouse();

    Await.until("the dead is forgotten", Await.SOON, () -> !nodes.hearsTheDead());
  }

  @Test
  void whoever_is_not_the_first_leaves_it_alone() {
    var nodes = new Nodes("c", "b", "d");
    var node = start(nodes);

    nodes.died("d");
    nodes.joined("a");
    node.keepHouse();

    assertThat(nodes.hearsTheDead()).isTrue();
  }

  @Test
  void after_the_one_time_the_younger_one_keeps_house() {
    var nodes = new Nodes("b", "c", "d");
    var node = start(nodes);
    nodes.died("d");
    nodes.joined("a");
    node.keepHouse();
    Await.until("the dead is forgotten", Await.SOON, () -> !nodes.hearsTheDead());

    Await.result("a leftover", nodes.map().submit(ROOM, new Watch("d", "e1")));
    node.keepHouse();

    assertThat(nodes.hearsTheDead()).isTrue();
  }
}
