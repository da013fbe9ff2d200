package chat.parley.testing;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes in processes of their own that form one cluster: {@code TestCluster.of(3).named("KillIT").start()}. Confined to the
 * test's thread.
 */
public final class TestCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Place> places;
  private final List<Integer> memberPorts;
  private final List<NodeProcess.Start> starts = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private String test = "cluster";
  private UnaryOperator<NodeProcess.Start> settings = UnaryOperator.identity();

  private TestCluster(List<Place> places) {
    this.places = places;
    this.memberPorts = FreePorts.of(places.size());
  }

  /** So many nodes on loopback. */
  public static TestCluster of(int size) {
    return new TestCluster(
        IntStream.range(0, size).mapToObj(i -> Place.LOOPBACK).toList());
  }

  /** One node in each of these places. */
  public static TestCluster in(List<Place> places) {
    return new TestCluster(List.copyOf(places));
  }

  /** Under which name the logs are kept. */
  public TestCluster named(String name) {
    test = name;
    return this;
  }

  /** One more setting for every node, such as {@code PARLEY_CLUSTER_BACKUPS}. */
  public TestCluster with(String variable, String value) {
    var before = settings;
    settings = start -> before.apply(start).with(variable, value);
    return this;
  }

  /** More arguments for every node. */
  public TestCluster with(List<String> arguments) {
    var before = settings;
    settings = start -> before.apply(start).with(arguments);
    return this;
  }

  /** What every node's log may hold though it looks like an error. */
  public TestCluster expect(String regex) {
    expected.add(regex);
    nodes.forEach(node -> node.expect(regex));
    return this;
  }

  /** Starts all nodes at once and waits until each is ready. */
  public TestCluster start() {
    for (var i = 0; i < places.size(); i++) {
      starts.add(settings.apply(describe(i)));
      starts.get(i).forgetLog(); // a node that comes back goes on with it, an earlier run must not
      nodes.add(launch(i));
    }
    try {
      nodes.forEach(NodeProcess::awaitReady);
      awaitReady();
    } catch (AssertionError e) {
      nodes.forEach(NodeProcess::kill);
      throw e;
    }
    return this;
  }

  private NodeProcess.Start describe(int i) {
    var place = places.get(i);
    return NodeProcess.Start.alone(test, "node" + i)
        .at(place, FreePorts.one())
        .with("PARLEY_CLUSTER_HOST", place.host())
        .with("PARLEY_CLUSTER_PORT", Integer.toString(memberPorts.get(i)))
        .with("PARLEY_CLUSTER_MEMBERS", members())
        .with(List.of("-cluster"));
  }

  private NodeProcess launch(int i) {
    var node = NodeProcess.launch(starts.get(i));
    expected.forEach(node::expect);
    return node;
  }

  /** The members list, {@code host:port,…}. */
  public String members() {
    return String.join(",", addresses());
  }

  /** Where the members listen for each other, {@code host:port} each. */
  public List<String> addresses() {
    return IntStream.range(0, places.size())
        .mapToObj(i -> places.get(i).host() + ":" + memberPorts.get(i))
        .toList();
  }

  /** The node that is or was last at this place. */
  public NodeProcess node(int i) {
    return nodes.get(i);
  }

  /** All of them. */
  public List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  /** Where clients connect, one address for each node. */
  public List<URI> webSockets() {
    return nodes.stream().map(ChatNode::webSocket).toList();
  }

  /** SIGKILL. */
  public void kill(int i) {
    nodes.get(i).kill();
  }

  /** Ends the node, if it lives, and starts it again on the same ports; does not wait until it is ready. */
  public NodeProcess restart(int i) {
    var old = nodes.get(i);
    if (old.alive()) {
      old.terminate();
      old.exitCode();
    }
    nodes.set(i, launch(i).expectLike(old)); // its output goes on in the same file
    return nodes.get(i);
  }

  /** Waits until each living node sees all living ones and says that it is ready and the cluster safe. */
  public void awaitReady() {
    awaitReady(nodes.stream().filter(NodeProcess::alive).toList());
  }

  /** Waits until these nodes see each other and nobody else, and each says that it is ready and the cluster safe. */
  public void awaitReady(List<NodeProcess> together) {
    var names = together.stream().map(NodeProcess::name).collect(Collectors.joining(", "));
    Await.until(
        names + " are one safe cluster",
        PATIENCE,
        () -> together.stream()
            .allMatch(node -> node.sees() == together.size() && node.ready() && node.safe()));
  }

  /** Ends every node; fails if the log of any holds a surprise. */
  @Override
  public void close() {
    var failures = new ArrayList<AssertionError>();
    nodes.parallelStream().forEach(node -> {
      node.thaw();
      node.terminate();
    });
    for (var node : nodes) {
      try {
        node.close();
      } catch (AssertionError e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      var failure = failures.removeFirst();
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
