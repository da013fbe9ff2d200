package chat.parley.registry;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Operation;
import chat.parley.cluster.UnavailableException;
import chat.parley.cluster.Wire;
import chat.parley.protocol.CloseCode;
import chat.parley.testing.ForwardingMap;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareTest {
  private final HeldMap map = new HeldMap();
  private int calls;
  private final Share share = new Share(
      new Share.Common("n1", map, InstantSource.fixed(Instant.EPOCH), List::of, () -> calls++), 3);

  /** A real map whose answers wait, or which fails. Confined to the test's thread. */
  private static final class HeldMap extends ForwardingMap<Shard> {
    final ArrayDeque<Runnable> held = new ArrayDeque<>();
    final List<Integer> sizes = new ArrayList<>();
    boolean holding;
    boolean failing;

    HeldMap() {
      super(new LocalCluster("n1").map(Registry.SESSIONS));
    }

    @Override
    public <R extends Wire> Future<R> submit(String key, Operation<Shard, R> operation) {
      if (operation instanceof Tell tell) {
        sizes.add(tell.opened().size());
      }
      Future<R> answer = failing
          ? Future.failedFuture(new UnavailableException(true, "no answer", null))
          : super.submit(key, operation);
      if (!holding) {
        return answer;
      }
      Promise<R> later = Promise.promise();
      held.add(() -> answer.onComplete(later));
      return later.future();
    }
  }

  private record Phone(String id, String user) implements Connection {
    @Override
    public String transport() {
      return "websocket";
    }

    @Override
    public long since() {
      return 1;
    }

    @Override
    public long seen() {
      return 2;
    }

    @Override
    public void disconnect(CloseCode code) {}
  }

  private List<String> known() {
    return map.elsewhere().submit(Shard.key(3), new Find("ann")).result().sessions().stream()
        .map(SessionInfo::session)
        .toList();
  }

  @Test
  void a_storm_of_connections_is_a_few_calls() {
    map.holding = true;
    var counts = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 2_500; i++) {
      counts.add(share.open(new Phone("s" + i, "user" + i)));
    }
    while (!map.held.isEmpty()) {
      map.held.remove().run();
    }

    assertThat(map.sizes).containsExactly(1, 1_000, 1_000, 499);
    assertThat(counts).allMatch(count -> count.succeeded() && count.result() == 1);
    assertThat(calls).isEqualTo(4);
  }

  @Test
  void who_went_before_anybody_heard_of_them_is_never_told_of() {
    map.holding = true;
    var first = new Phone("a", "ann");
    var second = new Phone("b", "ann");
    share.open(first);
    var counted = share.open(second);
    share.close(second);
    share.close(first);
    map.held.remove().run();
    map.held.remove().run();

    assertThat(counted.result()).isZero();
    assertThat(known()).isEmpty();
    assertThat(map.sizes).containsExactly(1, 0);
  }

  @Test
  void after_a_call_that_failed_everything_is_told() {
    share.open(new Phone("a", "ann"));
    map.failing = true;
    var failed = share.open(new Phone("b", "ann"));
    var gone = new Phone("c", "ann");
    share.open(gone);
    share.close(gone);
    map.failing = false;
    share.flush();

    assertThat(failed.failed()).isTrue();
    assertThat(known()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void what_the_cluster_lost_comes_back_with_the_next_round() {
    share.open(new Phone("a", "ann"));
    map.elsewhere().submit(Shard.key(3), new Tidy(new Departed(List.of("n1"), List.of(), 0)));
    assertThat(known()).isEmpty();

    share.refresh();

    assertThat(known()).containsExactly("a");
  }

  @Test
  void a_share_without_sessions_costs_nothing() {
    share.refresh();
    share.flush();

    assertThat(calls).isZero();
  }

  @Test
  void how_many_a_user_has_is_told_to_each() {
    assertThat(share.open(new Phone("a", "ann")).result()).isEqualTo(1);
    assertThat(share.open(new Phone("b", "ann")).result()).isEqualTo(2);
    assertThat(share.open(new Phone("c", "bob")).result()).isEqualTo(1);
  }
}
