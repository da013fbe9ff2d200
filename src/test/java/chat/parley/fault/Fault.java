package chat.parley.fault;

import chat.parley.testing.Namespaces;
import chat.parley.testing.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What may happen for a while to one of several nodes, each in a network namespace of its own. Immutable. */
enum Fault {
  KILL(3),
  RESTART(3),
  /** Longer than the others wait for a silent node. */
  FREEZE(11),
  STUMBLE(3),
  CUT_OFF(11),
  CUT_ONE_WAY(3);

  private final Duration lasts;

  Fault(int seconds) {
    this.lasts = Duration.ofSeconds(seconds);
  }

  /** How long it lasts. */
  Duration lasts() {
    return lasts;
  }

  /** It happens to the victim. */
  void strike(TestCluster cluster, Namespaces net, int victim) {
    var others = IntStream.range(0, cluster.nodes().size())
        .filter(i -> i != victim)
        .boxed()
        .toList();
    switch (this) {
      case KILL -> cluster.kill(victim);
      case RESTART -> cluster.node(victim).terminate();
      case FREEZE, STUMBLE -> cluster.node(victim).freeze();
      case CUT_OFF -> net.split(List.of(victim), others);
      case CUT_ONE_WAY -> net.cutOneWay(victim, others.getFirst());
    }
  }

  /** It is over; until the nodes are one cluster again it takes a while longer. */
  void end(TestCluster cluster, Namespaces net, int victim) {
    switch (this) {
      case KILL, RESTART -> cluster.restart(victim);
      case FREEZE, STUMBLE -> cluster.node(victim).thaw();
      case CUT_OFF, CUT_ONE_WAY -> net.heal();
    }
  }
}
