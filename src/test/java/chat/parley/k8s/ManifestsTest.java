package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.config.Config;
import chat.parley.config.ConfigLoader;
import chat.parley.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes to Kubernetes is what it accepts, and keeps to the policies that the documents promise. */
class ManifestsTest {
  /** {@code hazelcast.graceful.shutdown.max.wait}. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(60);

  private static final List<String> AMONG_NODES = List.of("members", "bus", "relay");

  static Stream<Manifests> overlays() {
    return Stream.of("dev", "production", "autoscaled").map(Manifests::of);
  }

  private static Config config(Manifests manifests) {
    var environment = new TreeMap<>(manifests.environment());
    environment.put("PARLEY_AUTH_SECRET", Tokens.SECRET); // of the Secret
    return ConfigLoader.load(null, environment, true).config();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void the_api_server_accepts_all_of_it(Manifests manifests) {
    assertThat(manifests.objects()).hasSizeGreaterThanOrEqualTo(6);
    assertThat(manifests.objects())
        .allSatisfy(object -> assertThat(KubernetesSchema.problems(object)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void a_pod_may_do_next_to_nothing(Manifests manifests) {
    var pod = manifests.pod();
    assertThat(Tree.at(pod, "securityContext.runAsNonRoot")).isEqualTo(true);
    assertThat(Tree.number(pod, "securityContext.runAsUser")).isPositive();
    assertThat(Tree.at(pod, "securityContext.seccompProfile.type")).isEqualTo("RuntimeDefault");
    assertThat(pod).containsEntry("automountServiceAccountToken", false);
    assertThat(pod).doesNotContainKeys("hostNetwork", "hostPID", "hostIPC");
    assertThat(Tree.maps(pod.get("containers"))).allSatisfy(container -> {
      var security = Tree.map(Tree.at(container, "securityContext"));
      assertThat(security)
          .containsEntry("readOnlyRootFilesystem", true)
          .containsEntry("allowPrivilegeEscalation", false)
          .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
      assertThat(container.get("volumeMounts"))
          .isEqualTo(List.of(Map.of("name", "tmp", "mountPath", "/tmp")));
    });
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void memory_is_reserved_and_processors_are_bounded(Manifests manifests) {
    var resources = Tree.at(manifests.container(), "resources");
    assertThat(Tree.at(resources, "requests.memory"))
        .isEqualTo(Tree.at(resources, "limits.memory"));
    assertThat(Tree.text(resources, "requests.cpu")).isNotEmpty();
    assertThat(Tree.text(resources, "limits.cpu")).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void the_configuration_is_one_that_a_node_starts_with(Manifests manifests) {
    var config = config(manifests);
    assertThat(Tree.strings(manifests.container().get("args"))).containsExactly("-cluster");
    assertThat(manifests.ports())
        .isEqualTo(Map.of(
            "http", config.http().port(),
            "members", config.cluster().port(),
            "bus", config.cluster().busPort(),
            "relay", config.cluster().relayPort(),
            "metrics", config.metrics().port()));
    assertThat(config.http().host()).isEqualTo("0.0.0.0");
    assertThat(manifests.pod()).containsEntry("enableServiceLinks", false);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void no_secret_is_written_down(Manifests manifests) {
    assertThat(manifests.all("Secret")).isEmpty();
    assertThat(manifests.environment()).doesNotContainKeys("PARLEY_AUTH_SECRET");
    assertThat(Tree.at(manifests.container(), "envFrom").toString())
        .contains("secretRef={name=parley");
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void nodes_find_each_other_before_they_are_ready(Manifests manifests) {
    var name = Objects.requireNonNull(manifests.environment().get("PARLEY_CLUSTER_DNS"));
    var service = manifests.one("Service", name);
    assertThat(Tree.at(service, "spec.clusterIP")).isEqualTo("None");
    assertThat(Tree.at(service, "spec.publishNotReadyAddresses")).isEqualTo(true);
    assertThat(Tree.find(manifests.one("Service", "parley"), "spec.publishNotReadyAddresses"))
        .isNull();
    var host = Tree.maps(manifests.container().get("env")).getFirst();
    assertThat(host).containsEntry("name", "PARLEY_CLUSTER_HOST");
    assertThat(Tree.at(host, "valueFrom.fieldRef.fieldPath")).isEqualTo("status.podIP");
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void ports_among_nodes_are_for_nodes_and_metrics_for_those_who_watch(Manifests manifests) {
    var policy = manifests.one("NetworkPolicy", "parley");
    assertThat(Tree.at(policy, "spec.podSelector.matchLabels")).isEqualTo(manifests.podLabels());
    assertThat(Tree.at(policy, "spec.policyTypes")).isEqualTo(List.of("Ingress"));
    var whom = new TreeMap<String, Object>();
    for (var rule : Tree.maps(Tree.at(policy, "spec.ingress"))) {
      assertThat(Tree.maps(rule.get("ports"))).isNotEmpty();
      Tree.maps(rule.get("ports"))
          .forEach(port -> whom.put(Tree.text(port, "port"), rule.getOrDefault("from", "anybody")));
    }
    assertThat(whom.keySet()).isEqualTo(manifests.ports().keySet());
    assertThat(whom).containsEntry("http", "anybody");
    var nodes = List.of(Map.of("podSelector", Map.of("matchLabels", manifests.podLabels())));
    AMONG_NODES.forEach(port -> assertThat(whom).containsEntry(port, nodes));
    assertThat(Tree.at(Objects.requireNonNull(whom.get("metrics")), "0.namespaceSelector"))
        .isEqualTo(Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", "monitoring")));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void whatever_points_at_the_pods_hits_them(Manifests manifests) {
    var labels = manifests.podLabels();
    for (var service : manifests.all("Service")) {
      assertThat(Tree.at(service, "spec.selector")).isEqualTo(labels);
      for (var port : Tree.maps(Tree.at(service, "spec.ports"))) {
        assertThat(manifests.ports()).containsKey(Tree.text(port, "targetPort"));
      }
    }
    assertThat(Tree.at(manifests.deployment(), "spec.selector.matchLabels")).isEqualTo(labels);
    assertThat(Tree.at(manifests.one("PodDisruptionBudget", "parley"), "spec.selector.matchLabels"))
        .isEqualTo(labels);
    assertThat(Tree.maps(manifests.pod().get("topologySpreadConstraints")))
        .isNotEmpty()
        .allSatisfy(
            spread -> assertThat(Tree.at(spread, "labelSelector.matchLabels")).isEqualTo(labels));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void a_deploy_takes_a_node_only_after_its_replacement_is_in(Manifests manifests) {
    var spec = Tree.at(manifests.deployment(), "spec");
    assertThat(Tree.at(spec, "strategy"))
        .isEqualTo(Map.of(
            "type", "RollingUpdate", "rollingUpdate", Map.of("maxUnavailable", 0, "maxSurge", 1)));
    assertThat(Tree.number(spec, "minReadySeconds")).isPositive();
    assertThat(Tree.number(manifests.one("PodDisruptionBudget", "parley"), "spec.maxUnavailable"))
        .isEqualTo(config(manifests).cluster().backups());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void a_node_has_the_time_to_leave_in_order(Manifests manifests) {
    int grace = Tree.number(manifests.pod(), "terminationGracePeriodSeconds");
    int before = Tree.number(manifests.container(), "lifecycle.preStop.sleep.seconds");
    var needed = config(manifests).drain().seconds().plus(HANDING_OVER).plusSeconds(before);

    assertThat(Duration.ofSeconds(grace)).isGreaterThan(needed);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void readiness_is_patient_and_is_not_liveness(Manifests manifests) {
    var container = manifests.container();
    assertThat(Tree.at(container, "readinessProbe.httpGet.path")).isEqualTo("/health/ready");
    assertThat(Tree.at(container, "livenessProbe.httpGet.path")).isEqualTo("/health/live");
    assertThat(Tree.at(container, "startupProbe.httpGet.path")).isEqualTo("/health/live");
    // One slow answer is no reason, but who must not get clients is found out soon.
    assertThat(tolerated(container, "readinessProbe")).isBetween(4, 10);
    assertThat(tolerated(container, "livenessProbe")).isGreaterThanOrEqualTo(30);
    assertThat(tolerated(container, "startupProbe")).isGreaterThanOrEqualTo(60);
  }

  private static int tolerated(Map<String, Object> container, String probe) {
    return Tree.number(container, probe + ".periodSeconds")
        * Tree.number(container, probe + ".failureThreshold");
  }

  @Test
  void dev_is_one_node_for_guests() {
    var dev = Manifests.of("dev");
    assertThat(Tree.number(dev.deployment(), "spec.replicas")).isEqualTo(1);
    assertThat(config(dev).auth().guests()).isTrue();
    // Nobody has to make a Secret first.
    assertThat(
            ConfigLoader.load(null, dev.environment(), true).config().cluster().quorum())
        .isZero();
  }

  @Test
  void production_is_three_nodes_in_three_zones_that_may_lose_one() {
    var production = Manifests.of("production");
    int replicas = Tree.number(production.deployment(), "spec.replicas");
    assertThat(replicas).isGreaterThanOrEqualTo(3);
    assertThat(config(production).auth().guests()).isFalse();
    assertQuorum(production, replicas, replicas);
    assertThat(Tree.maps(production.pod().get("topologySpreadConstraints")))
        .anySatisfy(spread -> assertThat(spread)
            .containsEntry("topologyKey", "topology.kubernetes.io/zone")
            .containsEntry("whenUnsatisfiable", "DoNotSchedule")
            .containsEntry("maxSkew", 1));
  }

  @Test
  void the_autoscaler_stays_where_one_quorum_is_right_and_is_slow_to_shrink() {
    var autoscaled = Manifests.of("autoscaled");
    var scaler = Tree.at(autoscaled.one("HorizontalPodAutoscaler", "parley"), "spec");
    assertThat(Tree.find(autoscaled.deployment(), "spec.replicas")).isNull();
    assertThat(Tree.text(scaler, "scaleTargetRef.name")).isEqualTo("parley");
    assertQuorum(
        autoscaled, Tree.number(scaler, "minReplicas"), Tree.number(scaler, "maxReplicas"));
    assertThat(Tree.maps(Tree.at(scaler, "metrics")))
        .extracting(metric -> metric.get("type"))
        .containsExactlyInAnyOrder("Pods", "Resource");
    assertThat(Tree.number(scaler, "behavior.scaleDown.stabilizationWindowSeconds"))
        .isGreaterThanOrEqualTo(1_800);
    // One at a time, and the next after the one before has surely left.
    assertThat(Tree.maps(Tree.at(scaler, "behavior.scaleDown.policies")))
        .singleElement()
        .satisfies(policy -> {
          assertThat(policy).containsEntry("type", "Pods").containsEntry("value", 1);
          assertThat(Tree.number(policy, "periodSeconds"))
              .isGreaterThan(2 * Tree.number(autoscaled.pod(), "terminationGracePeriodSeconds"));
        });
  }

  /** More than half of the most there are, or two parts could both go on; one fewer than the least may be left. */
  private static void assertQuorum(Manifests manifests, int least, int most) {
    int quorum = config(manifests).cluster().quorum();
    assertThat(2 * quorum).isGreaterThan(most);
    assertThat(quorum).isLessThan(least);
  }

  @Test
  void the_ingress_is_more_patient_than_a_heartbeat_and_takes_whole_frames() {
    var production = Manifests.of("production");
    var config = config(production);
    var ingress = production.one("Ingress", "parley");
    var annotations = Tree.map(Tree.at(ingress, "metadata.annotations"));
    var read = Duration.ofSeconds(Long.parseLong(annotation(annotations, "proxy-read-timeout")));
    assertThat(read).isGreaterThanOrEqualTo(config.heartbeat().timeout());
    assertThat(annotation(annotations, "proxy-buffering")).isEqualTo("off");
    int body = Integer.parseInt(annotation(annotations, "proxy-body-size").replace("k", "")) << 10;
    assertThat(body).isGreaterThan(3 * config.limits().frame());
    assertThat(annotations.keySet()).noneMatch(name -> name.contains("affinity"));
    assertThat(Tree.at(ingress, "spec.rules.0.http.paths.0.backend.service"))
        .isEqualTo(Map.of("name", "parley", "port", Map.of("name", "http")));
    assertThat(config.http().proxies()).isNotEmpty();
  }

  @Test
  void a_sticky_cookie_is_to_be_had(@TempDir Path folder) throws IOException {
    var here = folder.toRealPath().relativize(Path.of("k8s").toRealPath());
    Files.writeString(folder.resolve("kustomization.yaml"), """
        resources: [%s/overlays/production]
        components: [%s/components/sticky]
        """.formatted(here, here));
    var sticky = new Manifests("sticky", Kustomization.build(folder.toRealPath()));

    var ingress = sticky.one("Ingress", "parley");
    assertThat(KubernetesSchema.problems(ingress)).isEmpty();
    var annotations = Tree.map(Tree.at(ingress, "metadata.annotations"));
    assertThat(annotation(annotations, "affinity")).isEqualTo("cookie");
    assertThat(annotation(annotations, "proxy-buffering")).isEqualTo("off");
  }

  private static String annotation(Map<String, Object> annotations, String name) {
    return (String)
        Objects.requireNonNull(annotations.get("nginx.ingress.kubernetes.io/" + name), name);
  }
}
