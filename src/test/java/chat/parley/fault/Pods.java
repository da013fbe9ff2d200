package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.FreePorts;
import chat.parley.testing.LostMember;
import chat.parley.testing.NodeProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Node processes that are started, probed, served and ended as Kubernetes does it with the pods of a Deployment: a surge first, an old one when enough are available,
 * out of the service at once, then preStop, SIGTERM, and SIGKILL when the grace is over. Confined to the test's thread, but for the service's addresses.
 */
final class Pods implements AutoCloseable {
  private static final Duration GLANCE = Duration.ofMillis(100);

  /** One pod. */
  private static final class Pod {
    final NodeProcess node;
    final String members;
    final int version;
    long probeAt;
    long readySince = Long.MAX_VALUE;
    int failures;
    long endedAt = Long.MAX_VALUE;
    boolean told;

    Pod(NodeProcess node, String members, int version) {
      this.node = node;
      this.members = members;
      this.version = version;
    }

    boolean isEnding() {
      return endedAt != Long.MAX_VALUE;
    }

    boolean isReady() {
      return readySince != Long.MAX_VALUE;
    }
  }

  private final Deployment deployment;
  private final String test;
  private final UnaryOperator<NodeProcess.Start> settings;
  private final List<Pod> pods = new ArrayList<>();
  private final List<URI> service = new CopyOnWriteArrayList<>();
  private int replicas;
  private int version = 1;
  private int started;

  Pods(Deployment deployment, String test, UnaryOperator<NodeProcess.Start> settings) {
    this.deployment = deployment;
    this.test = test;
    this.settings = settings;
    this.replicas = deployment.replicas();
  }

  /** Where the service sends clients now; changes as pods come and go. */
  List<URI> service() {
    return service;
  }

  /** A node that serves. */
  NodeProcess any() {
    return pods.stream()
        .filter(pod -> !pod.isEnding() && pod.isReady())
        .findAny()
        .orElseThrow()
        .node;
  }

  /** Every pod is replaced, as after a change of the image. */
  void rollOut() {
    version++;
  }

  /** From now on there are to be so many pods. */
  void scale(int to) {
    replicas = to;
  }

  /** Does what Kubernetes would do until there is nothing to do. */
  void settle(Duration limit) {
    Await.until("all pods are as asked for, and the others gone", limit, () -> {
      pods.removeIf(this::isGone);
      pods.stream().filter(pod -> !pod.isEnding()).forEach(this::probe);
      reconcile();
      Await.pass(GLANCE);
      return isSettled();
    });
  }

  private boolean isSettled() {
    return pods.size() == replicas
        && count(pod -> pod.version == version && isAvailable(pod)) == replicas;
  }

  private void reconcile() {
    int old = count(pod -> !pod.isEnding() && pod.version != version);
    int all = count(pod -> !pod.isEnding());
    int most = replicas + (old > 0 ? deployment.surge() : 0);
    if (all - old < replicas && all < most) {
      start();
    }
    boolean mayGo =
        count(pod -> !pod.isEnding() && isAvailable(pod)) > replicas - deployment.unavailable();
    if (mayGo && (old > 0 || all > replicas)) {
      pods.stream()
          .filter(pod -> !pod.isEnding() && (old == 0 || pod.version != version))
          .findFirst()
          .ifPresent(this::end);
    }
  }

  private int count(Predicate<Pod> some) {
    return (int) pods.stream().filter(some).count();
  }

  private void start() {
    var name = "pod" + started++;
    var own = "127.0.0.1:" + FreePorts.one();
    var others = pods.stream().map(pod -> pod.members).collect(Collectors.joining(","));
    var start = NodeProcess.Start.alone(test, name)
        .with("PARLEY_CLUSTER_PORT", own.substring(own.indexOf(':') + 1))
        .with("PARLEY_CLUSTER_MEMBERS", others.isEmpty() ? own : others + "," + own)
        .with(List.of("-cluster"));
    var node = NodeProcess.launch(settings.apply(start)).expect(LostMember.LOG);
    pods.add(new Pod(node, own, version));
  }

  private void end(Pod pod) {
    pod.endedAt = System.nanoTime();
    service.remove(pod.node.webSocket());
  }

  private boolean isAvailable(Pod pod) {
    return pod.isReady()
        && System.nanoTime() - pod.readySince > deployment.minReady().toNanos();
  }

  private void probe(Pod pod) {
    long now = System.nanoTime();
    if (now < pod.probeAt) {
      return;
    }
    pod.probeAt = now + deployment.probe().toNanos();
    if (pod.node.ready()) {
      pod.failures = 0;
      if (!pod.isReady()) {
        pod.readySince = now;
        service.add(pod.node.webSocket());
      }
    } else if (++pod.failures >= deployment.failures() && pod.isReady()) {
      pod.readySince = Long.MAX_VALUE;
      service.remove(pod.node.webSocket());
    }
  }

  private boolean isGone(Pod pod) {
    if (!pod.isEnding()) {
      assertThat(pod.node.alive()).as(pod.node.name() + " lives").isTrue();
      return false;
    }
    long ending = System.nanoTime() - pod.endedAt;
    if (!pod.told && ending > deployment.preStop().toNanos()) {
      pod.told = true;
      pod.node.terminate();
    }
    if (pod.told && !pod.node.alive()) {
      assertThat(pod.node.exitCode()).as(pod.node.name() + " ended in order").isEqualTo(143);
      pod.node.close();
      return true;
    }
    assertThat(ending)
        .as(pod.node.name() + " would be killed")
        .isLessThan(deployment.grace().toNanos());
    return false;
  }

  @Override
  public void close() {
    pods.forEach(pod -> pod.node.terminate());
    pods.forEach(pod -> pod.node.close());
  }
}
