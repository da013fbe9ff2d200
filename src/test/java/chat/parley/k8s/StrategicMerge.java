package chat.parley.k8s;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A strategic merge patch, as far as our overlays need it: objects are merged, null takes away, lists of objects are merged by
 * Kubernetes' key for them, other lists are replaced. Pure.
 */
final class StrategicMerge {
  /** {@code patchMergeKey} of the Kubernetes API, by the list's name. */
  private static final Map<String, String> KEYS = Map.of(
      "containers", "name",
      "env", "name",
      "volumes", "name",
      "volumeMounts", "mountPath",
      "topologySpreadConstraints", "topologyKey");

  private StrategicMerge() {}

  /** What comes of the object with the patch applied. */
  static Map<String, Object> apply(Map<String, Object> object, Map<String, Object> patch) {
    var merged = new LinkedHashMap<>(object);
    patch.forEach((key, value) -> {
      if (value == null) {
        merged.remove(key);
      } else {
        merged.put(key, merge(key, merged.get(key), value));
      }
    });
    return merged;
  }

  private static Object merge(String name, @Nullable Object old, Object patch) {
    if (old instanceof Map<?, ?> && patch instanceof Map<?, ?>) {
      return apply(Tree.map(old), Tree.map(patch));
    } else if (old instanceof List<?> && patch instanceof List<?> items && ofObjects(items)) {
      return mergeLists(name, Tree.maps(old), Tree.maps(patch));
    }
    return patch;
  }

  private static boolean ofObjects(List<?> list) {
    return !list.isEmpty() && list.stream().allMatch(Map.class::isInstance);
  }

  private static List<Object> mergeLists(
      String name, List<Map<String, Object>> old, List<Map<String, Object>> patch) {
    var key = KEYS.get(name);
    if (key == null) {
      throw new IllegalArgumentException(
          "a patch of the list " + name + " (expected: one of " + KEYS.keySet() + ")");
    }
    var merged = new ArrayList<Object>();
    var rest = new ArrayList<>(old);
    for (var item : patch) {
      var before = rest.stream()
          .filter(one -> Objects.equals(one.get(key), item.get(key)))
          .findFirst();
      before.ifPresent(rest::remove);
      merged.add(before.map(one -> apply(one, item)).orElse(item));
    }
    merged.addAll(rest);
    return merged;
  }
}
