package chat.parley.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML as maps, lists and plain values, and the way to what is inside. Pure. */
final class Tree {
  private Tree() {}

  /** The documents of a file; a key that stands twice is refused. */
  static List<Map<String, Object>> read(Path file) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (var reader = Files.newBufferedReader(file)) {
      var documents = new ArrayList<Map<String, Object>>();
      for (var document : new Yaml(new SafeConstructor(options)).loadAll(reader)) {
        documents.add(map(document));
      }
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // YAML of Kubernetes has no other keys
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  /** A list of objects; none: empty. */
  static List<Map<String, Object>> maps(@Nullable Object value) {
    return value == null ? List.of() : list(value).stream().map(Tree::map).toList();
  }

  /** A list of strings; none: empty. */
  static List<String> strings(@Nullable Object value) {
    return value == null
        ? List.of()
        : list(value).stream().map(String.class::cast).toList();
  }

  /** What is at {@code spec.template.spec.containers.0}; null: nothing. */
  static @Nullable Object find(Object root, String path) {
    @Nullable Object here = root;
    for (var step : path.split("\\.", -1)) {
      if (here instanceof Map<?, ?> object) {
        here = object.get(step);
      } else if (here instanceof List<?> list && step.matches("\\d+")) {
        int index = Integer.parseInt(step);
        here = index < list.size() ? list.get(index) : null;
      } else {
        return null;
      }
    }
    return here;
  }

  /** What has to be there. */
  static Object at(Object root, String path) {
    var found = find(root, path);
    if (found == null) {
      throw new AssertionError("there is no " + path + " in " + root);
    }
    return found;
  }

  static int number(Object root, String path) {
    return ((Number) at(root, path)).intValue();
  }

  static String text(Object root, String path) {
    return (String) at(root, path);
  }

  /** The object there, made if it is missing. */
  static Map<String, Object> make(Map<String, Object> root, String path) {
    var here = root;
    for (var step : path.split("\\.", -1)) {
      here = map(here.computeIfAbsent(step, missing -> new LinkedHashMap<String, Object>()));
    }
    return here;
  }
}
