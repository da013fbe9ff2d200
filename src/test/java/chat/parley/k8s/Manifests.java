package chat.parley.k8s;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects of one of our overlays. Immutable. */
public record Manifests(String overlay, List<Map<String, Object>> objects) {
  private static final Path FOLDER = Path.of("k8s", "overlays");

  /** Those of {@code k8s/overlays/<overlay>}. */
  public static Manifests of(String overlay) {
    return new Manifests(overlay, Kustomization.build(FOLDER.resolve(overlay)));
  }

  /** All of a kind. */
  List<Map<String, Object>> all(String kind) {
    return objects.stream().filter(object -> kind.equals(object.get("kind"))).toList();
  }

  /** The one that has to be there. */
  Map<String, Object> one(String kind, String name) {
    return all(kind).stream()
        .filter(object -> name.equals(Tree.find(object, "metadata.name")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + overlay));
  }

  Map<String, Object> deployment() {
    return one("Deployment", "parley");
  }

  /** What the pods are. */
  Map<String, Object> pod() {
    return Tree.map(Tree.at(deployment(), "spec.template.spec"));
  }

  Map<String, Object> container() {
    return Tree.map(Tree.at(pod(), "containers.0"));
  }

  Map<String, Object> podLabels() {
    return Tree.map(Tree.at(deployment(), "spec.template.metadata.labels"));
  }

  /** The pod's ports by name. */
  Map<String, Integer> ports() {
    var ports = new TreeMap<String, Integer>();
    for (var port : Tree.maps(container().get("ports"))) {
      ports.put(Tree.text(port, "name"), Tree.number(port, "containerPort"));
    }
    return ports;
  }

  /** What the container finds in its environment, as far as the manifests say. */
  public Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    for (var source : Tree.maps(container().get("envFrom"))) {
      var map = Tree.find(source, "configMapRef.name");
      if (map != null) {
        Tree.map(Tree.at(one("ConfigMap", (String) map), "data"))
            .forEach((key, value) -> environment.put(key, (String) value));
      }
    }
    for (var variable : Tree.maps(container().get("env"))) {
      environment.put(
          Tree.text(variable, "name"), (String) variable.getOrDefault("value", "127.0.0.1"));
    }
    return environment;
  }

  @Override
  public String toString() {
    return overlay;
  }
}
