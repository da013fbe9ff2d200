package chat.parley.registry;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
  private final Cell<Shard> cell = new Cell<>();

  private static SessionInfo session(String id, String user, String node) {
    return new SessionInfo(id, user, node, "websocket", 1_000, 2_000);
  }

  private static Tell opens(String node, long number, String... idsOfAnn) {
    return tell(node, number, false, List.of(idsOfAnn), List.of());
  }

  private static Tell tell(
      String node, long number, boolean whole, List<String> opened, List<String> closed) {
    return new Tell(
        node,
        number,
        5_000,
        whole,
        opened.stream().map(id -> session(id, "ann", node)).toList(),
        closed.stream().map(id -> new Tell.Closed("ann", id)).toList(),
        List.of());
  }

  private List<String> anns() {
    return new Find("ann")
        .apply(cell).sessions().stream().map(SessionInfo::session).sorted().toList();
  }

  @Test
  void a_users_sessions_of_all_nodes_are_found_and_counted() {
    assertThat(opens("n1", 1, "a").apply(cell).counts()).containsExactly(1);
    assertThat(opens("n2", 1, "b", "c").apply(cell).counts()).containsExactly(3, 3);

    assertThat(anns()).containsExactly("a", "b", "c");
    assertThat(new Find("bob").apply(cell).sessions()).isEmpty();
  }

  @Test
  void what_closed_is_gone_also_if_it_opened_in_the_same_call() {
    opens("n1", 1, "a").apply(cell);
    tell("n1", 2, false, List.of("b"), List.of("a", "b")).apply(cell);

    assertThat(anns()).isEmpty();
  }

  @Test
  void a_call_that_comes_twice_or_late_changes_nothing() {
    opens("n1", 1, "a").apply(cell);
    tell("n1", 2, false, List.of(), List.of("a")).apply(cell);
    int puts = cell.puts;

    opens("n1", 1, "a").apply(cell);
    opens("n1", 2, "z").apply(cell);

    assertThat(anns()).isEmpty();
    assertThat(cell.puts).isEqualTo(puts);
  }

  @Test
  void telling_everything_drops_what_is_no_longer_true_and_nothing_of_others() {
    opens("n1", 1, "a", "b").apply(cell);
    opens("n2", 1, "c").apply(cell);

    tell("n1", 2, true, List.of("b", "d"), List.of()).apply(cell);

    assertThat(anns()).containsExactly("b", "c", "d");
  }

  @Test
  void sessions_of_the_dead_do_not_count() {
    opens("n1", 1, "a").apply(cell);
    var one = new Tell(
        "n2", 1, 5_000, false, List.of(session("b", "ann", "n2")), List.of(), List.of("n1"));

    assertThat(one.apply(cell).counts()).containsExactly(1);
  }

  @Test
  void the_dead_are_dropped_and_so_is_who_is_no_member_and_silent() {
    opens("n1", 1, "a").apply(cell);
    opens("n2", 1, "b").apply(cell);
    opens("n3", 1, "c").apply(cell);

    new Tidy(new Departed(List.of("n1"), List.of("n3"), 5_000)).apply(cell);
    assertThat(anns()).as("n2 may just have joined").containsExactly("b", "c");
    new Tidy(new Departed(List.of(), List.of("n3"), 5_001)).apply(cell);
    assertThat(anns()).containsExactly("c");
    new Tidy(new Departed(List.of("n3"), List.of(), 0)).apply(cell);
    assertThat(cell.value).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void of_two_halves_each_nodes_later_word_is_kept(boolean firstGoesOn) {
    opens("n1", 1, "a").apply(cell);
    opens("n2", 1, "b").apply(cell);
    var one = copy(here());
    var other = copy(here());
    run(one, tell("n1", 2, false, List.of("a2"), List.of("a")));
    run(one, opens("n3", 1, "c"));
    run(other, tell("n2", 2, false, List.of(), List.of("b")));

    cell.value = firstGoesOn ? one.merge(other) : other.merge(one);

    assertThat(anns()).containsExactly("a2", "c");
  }

  private Shard here() {
    return Objects.requireNonNull(cell.value);
  }

  private static void run(Shard shard, Tell tell) {
    var its = new Cell<Shard>();
    its.value = shard;
    tell.apply(its);
  }

  private static Shard copy(Shard shard) {
    return (Shard) copied(shard);
  }

  private static final WireTypes TYPES = types();

  private static WireTypes types() {
    var types = new WireTypes();
    RegistryTypes.register(types);
    return types;
  }

  private static Wire copied(Wire value) {
    try {
      var out = new ByteArrayOutputStream();
      value.write(new DataOutputStream(out));
      var in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
      var copy = TYPES.byNumber(TYPES.numberOf(value.getClass())).reader().read(in);
      assertThat(in.available()).isZero();
      return copy;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final Lease LEASE =
      new Lease("n1", "h:1", "1", 1, 2, true, new Vitals(3, 4, 5, 0.25, 6));

  static Stream<Wire> all() {
    return Stream.of(
        LEASE,
        new Lease.Renew(LEASE),
        new Lease.Look(),
        new Lease.Seen(LEASE),
        new Lease.Seen(null),
        new Lease.Expire(new Departed(List.of("n1"), List.of("n2"), 3)),
        tell("n1", 7, true, List.of("a", "b"), List.of("c")),
        new Find("ann"),
        new Find.Found(List.of(session("a", "ann", "n1"))),
        new Tidy(new Departed(List.of("n1"), List.of("n2"), 3)),
        new Done());
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_travels_arrives_as_it_was(Wire value) {
    assertThat(copied(value)).isEqualTo(value);
  }

  @Test
  void a_shard_and_counts_arrive_as_they_were() {
    opens("n1", 1, "a", "b").apply(cell);
    var counts = (Tell.Counts) copied(new Tell.Counts(new int[] {1, 2}));
    cell.value = copy(here());

    assertThat(counts.counts()).containsExactly(1, 2);
    assertThat(anns()).containsExactly("a", "b");
    assertThat(here().isNews("n1", 1)).isFalse();
  }

  @Test
  void a_lease_goes_with_its_node_and_the_later_one_is_right() {
    var lease = new Cell<Lease>();
    new Lease.Renew(LEASE).apply(lease);
    var later = new Lease("n1", "h:1", "1", 1, 3, true, LEASE.vitals());
    assertThat(LEASE.merge(later)).isEqualTo(later);
    assertThat(later.merge(LEASE)).isEqualTo(later);

    new Lease.Expire(new Departed(List.of("n2"), List.of("n1"), 1_000)).apply(lease);
    assertThat(lease.value).isEqualTo(LEASE);
    new Lease.Expire(new Departed(List.of("n1"), List.of(), 0)).apply(lease);
    assertThat(new Lease.Look().apply(lease).lease()).isNull();
  }

  @Test
  void users_are_spread_over_the_shares() {
    var random = new Random(1);
    var sizes = new int[Shard.COUNT];
    IntStream.range(0, 64_000).forEach(i -> sizes[Shard.of("user-" + i)]++);
    assertThat(IntStream.of(sizes).min().orElseThrow()).isGreaterThan(700);
    assertThat(IntStream.of(sizes).max().orElseThrow()).isLessThan(1_300);
    var keys = new HashSet<String>();
    IntStream.range(0, Shard.COUNT).forEach(i -> keys.add(Shard.key(i)));
    assertThat(keys).hasSize(Shard.COUNT).contains(Shard.key(Shard.of("x" + random.nextInt())));
  }
}
