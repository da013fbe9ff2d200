package chat.parley.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code kubectl kustomize} makes of a folder, for the part of kustomize that ours use; a field that is not of this part is
 * refused. Generated ConfigMaps keep their plain name, without the hash. Confined to the test's thread.
 */
final class Kustomization {
  private static final Set<String> FIELDS = Set.of(
      "apiVersion",
      "kind",
      "resources",
      "components",
      "configMapGenerator",
      "labels",
      "images",
      "patches");
  private static final Set<String> GENERATOR =
      Set.of("name", "behavior", "literals", "files", "options");
  private static final List<String> SELECTORS =
      List.of("spec.selector.matchLabels", "spec.podSelector.matchLabels");

  private final List<Map<String, Object>> objects = new ArrayList<>();

  private Kustomization() {}

  /** The objects that go to the cluster. */
  static List<Map<String, Object>> build(Path folder) {
    var whole = new Kustomization();
    whole.add(folder);
    return List.copyOf(whole.objects);
  }

  private void add(Path folder) {
    var file = Tree.read(folder.resolve("kustomization.yaml")).getFirst();
    only(FIELDS, file, folder);
    for (var resource : Tree.strings(file.get("resources"))) {
      var path = folder.resolve(resource).normalize();
      objects.addAll(Files.isDirectory(path) ? build(path) : Tree.read(path));
    }
    for (var component : Tree.strings(file.get("components"))) {
      add(folder.resolve(component).normalize());
    }
    Tree.maps(file.get("configMapGenerator")).forEach(one -> configMap(folder, one));
    for (var patch : Tree.maps(file.get("patches"))) {
      only(Set.of("path"), patch, folder);
      Tree.read(folder.resolve(Tree.text(patch, "path"))).forEach(this::patch);
    }
    Tree.maps(file.get("labels")).forEach(this::label);
    Tree.maps(file.get("images")).forEach(this::image);
  }

  private static void only(Set<String> known, Map<String, Object> given, Path folder) {
    for (var field : given.keySet()) {
      if (!known.contains(field)) {
        throw new IllegalArgumentException(
            folder + ": " + field + " (expected: one of " + known + ")");
      }
    }
  }

  private static boolean same(Map<String, Object> one, Map<String, Object> other) {
    return Tree.text(one, "kind").equals(Tree.text(other, "kind"))
        && Tree.text(one, "metadata.name").equals(Tree.text(other, "metadata.name"));
  }

  private void patch(Map<String, Object> patch) {
    int index = indexOf(patch);
    objects.set(index, StrategicMerge.apply(objects.get(index), patch));
  }

  private int indexOf(Map<String, Object> wanted) {
    for (int i = 0; i < objects.size(); i++) {
      if (same(objects.get(i), wanted)) {
        return i;
      }
    }
    throw new IllegalArgumentException("a patch of what isn't there: " + wanted);
  }

  private void configMap(Path folder, Map<String, Object> generator) {
    only(GENERATOR, generator, folder);
    var data = new LinkedHashMap<String, Object>();
    for (var literal : Tree.strings(generator.get("literals"))) {
      var parts = literal.split("=", 2);
      data.put(parts[0], parts[1]);
    }
    for (var name : Tree.strings(generator.get("files"))) {
      data.put(name, content(folder.resolve(name)));
    }
    var metadata = new LinkedHashMap<String, Object>(Map.of("name", generator.get("name")));
    var labels = Tree.find(generator, "options.labels");
    if (labels != null) {
      metadata.put("labels", labels);
    }
    var made = new LinkedHashMap<String, Object>(
        Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", metadata, "data", data));
    if ("merge".equals(generator.get("behavior"))) {
      patch(made);
    } else {
      objects.add(made);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void label(Map<String, Object> rule) {
    only(Set.of("pairs", "includeSelectors", "includeTemplates"), rule, Path.of("labels"));
    var pairs = Tree.map(Tree.at(rule, "pairs"));
    for (var object : objects) {
      Tree.make(object, "metadata.labels").putAll(pairs);
      switch (Tree.text(object, "kind")) {
        case "Service" -> Tree.make(object, "spec.selector").putAll(pairs);
        case "Deployment" -> {
          Tree.make(object, "spec.selector.matchLabels").putAll(pairs);
          Tree.make(object, "spec.template.metadata.labels").putAll(pairs);
        }
        default -> selectors(object).forEach(selector -> selector.putAll(pairs));
      }
    }
  }

  private static Stream<Map<String, Object>> selectors(Map<String, Object> object) {
    return SELECTORS.stream()
        .map(path -> Tree.find(object, path))
        .<@Nullable Object>map(found -> found)
        .filter(found -> found != null)
        .map(Tree::map);
  }

  private void image(Map<String, Object> rule) {
    only(Set.of("name", "newName", "newTag"), rule, Path.of("images"));
    var name = Tree.text(rule, "name");
    for (var object : objects) {
      for (var container : Tree.maps(Tree.find(object, "spec.template.spec.containers"))) {
        if (name.equals(container.get("image"))) {
          container.put("image", rule.getOrDefault("newName", name) + ":" + rule.get("newTag"));
        }
      }
    }
  }
}
