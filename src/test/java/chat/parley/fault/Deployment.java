package chat.parley.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * How Kubernetes replaces our pods, as the manifest tells it. Immutable.
 *
 * @param surge pods over the number that is asked for
 * @param unavailable pods that may be missing from it
 * @param minReady how long a pod has to be ready before it counts
 * @param grace from the order to end to SIGKILL, preStop counted in
 * @param preStop from that order to SIGTERM
 * @param probe the pause between two looks at whether a pod is ready
 * @param failures looks in a row that find it unready before it is taken out of the service
 */
record Deployment(
    int replicas,
    int surge,
    int unavailable,
    Duration minReady,
    Duration grace,
    Duration preStop,
    Duration probe,
    int failures) {

  static Deployment read(Path manifest) {
    try (var text = Files.newBufferedReader(manifest)) {
      Map<String, Object> root = new Yaml().load(text);
      return new Deployment(
          number(root, "spec", "replicas"),
          number(root, "spec", "strategy", "rollingUpdate", "maxSurge"),
          number(root, "spec", "strategy", "rollingUpdate", "maxUnavailable"),
          seconds(root, "spec", "minReadySeconds"),
          seconds(root, "spec", "template", "spec", "terminationGracePeriodSeconds"),
          seconds(container(root), "lifecycle", "preStop", "sleep", "seconds"),
          seconds(container(root), "readinessProbe", "periodSeconds"),
          number(container(root), "readinessProbe", "failureThreshold"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object container(Object root) {
    return ((List<?>) at(root, "spec", "template", "spec", "containers")).getFirst();
  }

  private static Duration seconds(Object root, String... path) {
    return Duration.ofSeconds(number(root, path));
  }

  private static int number(Object root, String... path) {
    return (Integer) at(root, path);
  }

  private static Object at(Object root, String... path) {
    Object found = root;
    for (var name : path) {
      found = ((Map<?, ?>) found).get(name);
      if (found == null) {
        throw new AssertionError("the manifest has no " + String.join(".", path));
      }
    }
    return found;
  }
}
