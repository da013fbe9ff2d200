package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What the API server would refuse is refused here. */
class KubernetesSchemaTest {
  private static final String POD =
      "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, %s}]}}";

  private static Map<String, Object> yaml(String text) {
    return Tree.map(new Yaml().load(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "livenesProbe: {} | unknown field livenesProbe",
        "livenessProbe: {httpGet: {pat: /, port: 1}} | unknown field pat",
        "livenessProbe: {httpGet: {path: /}} | no port",
        "livenessProbe: {periodSeconds: '5'} | livenessProbe.periodSeconds: 5 (expected: Integer)",
        "env: [{name: A, value: 5}] | value: 5 (expected: String)",
        "env: {name: A} | expected: java.util.List",
        "stdin: 'yes' | expected: Boolean",
        "resources: [] | expected: an object",
        "resources: {limits: {cpu: true}} | limits.cpu: true (expected: a number or a string)",
        "args: | args: null",
        "ports: [{name: http}] | ports[]: no containerPort",
      })
  void what_is_wrong_with_a_container_is_named(String wrong, String told) {
    assertThat(KubernetesSchema.problems(yaml(POD.formatted(wrong))))
        .singleElement()
        .asString()
        .contains(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env: [{name: A, value: '5'}]",
        "resources: {limits: {cpu: 1, memory: 1Gi}}",
        "livenessProbe: {httpGet: {port: http}}",
        "livenessProbe: {httpGet: {port: 80}}",
      })
  void what_is_right_is_accepted(String right) {
    assertThat(KubernetesSchema.problems(yaml(POD.formatted(right)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{apiVersion: apps/v2, kind: Deployment} | there is no Deployment in apps/v2",
        "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, spec: {endpoint: []}}"
            + "| unknown field endpoint",
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {maxUnavailable: []}}"
            + "| expected: a number or a string",
      })
  void what_is_wrong_with_an_object_is_named(String object, String told) {
    assertThat(KubernetesSchema.problems(yaml(object)))
        .singleElement()
        .asString()
        .contains(told);
  }
}
