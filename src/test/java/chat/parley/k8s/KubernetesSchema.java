package chat.parley.k8s;

import com.google.gson.annotations.SerializedName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the API server would say of an object: the models that the Kubernetes project generates from its API, and those of the Prometheus
 * operator's, tell every field there is, its type, and which must be there. Pure.
 */
final class KubernetesSchema {
  private static final String CORE = "io.kubernetes.client.openapi.models.";
  private static final String OPERATOR = "com.coreos.monitoring.models.";
  private static final Set<String> NUMBER_OR_TEXT = Set.of("IntOrString", "Quantity");

  private KubernetesSchema() {}

  /** All that is wrong with it; empty: nothing. */
  static List<String> problems(Map<String, Object> object) {
    var problems = new ArrayList<String>();
    Class<?> model;
    try {
      model = model(object);
    } catch (ClassNotFoundException e) {
      return List.of("there is no " + object.get("kind") + " in " + object.get("apiVersion"));
    }
    check(object, model, Tree.text(object, "kind"), problems);
    return problems;
  }

  private static Class<?> model(Map<String, Object> object) throws ClassNotFoundException {
    var apiVersion = Tree.text(object, "apiVersion");
    var version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    var name = version.substring(0, 1).toUpperCase(Locale.ROOT)
        + version.substring(1)
        + Tree.text(object, "kind");
    return Class.forName((apiVersion.contains("coreos") ? OPERATOR : CORE) + name);
  }

  private static void check(Object value, Type type, String where, List<String> problems) {
    if (type instanceof ParameterizedType generic) {
      var element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == List.class && value instanceof List<?> list) {
        list.forEach(item -> check(item, element, where + "[]", problems));
      } else if (generic.getRawType() == Map.class && value instanceof Map<?, ?> map) {
        map.forEach((key, item) -> check(item, element, where + "." + key, problems));
      } else {
        problems.add(where + ": " + value + " (expected: " + generic + ")");
      }
    } else if (type instanceof Class<?> model && model.getName().startsWith("java.")) {
      plain(value, model, where, problems);
    } else if (NUMBER_OR_TEXT.contains(((Class<?>) type).getSimpleName())) {
      if (!(value instanceof String || value instanceof Integer)) {
        problems.add(where + ": " + value + " (expected: a number or a string)");
      }
    } else {
      object(value, (Class<?>) type, where, problems);
    }
  }

  private static void plain(Object value, Class<?> model, String where, List<String> problems) {
    boolean right = model == Object.class
        || model.isInstance(value)
        || (model == Long.class && value instanceof Integer)
        || (model == Double.class && value instanceof Number);
    if (!right) {
      problems.add(where + ": " + value + " (expected: " + model.getSimpleName() + ")");
    }
  }

  private static void object(Object value, Class<?> model, String where, List<String> problems) {
    if (!(value instanceof Map<?, ?>)) {
      problems.add(where + ": " + value + " (expected: an object)");
      return;
    }
    var fields = fields(model);
    Tree.map(value).forEach((name, inside) -> {
      var type = fields.get(name);
      if (type == null) {
        problems.add(
            where + ": unknown field " + name + " (expected: one of " + fields.keySet() + ")");
      } else if (inside == null) {
        problems.add(where + "." + name + ": null");
      } else {
        check(inside, type, where + "." + name, problems);
      }
    });
    for (var required : required(model)) {
      if (!Tree.map(value).containsKey(required)) {
        problems.add(where + ": no " + required);
      }
    }
  }

  private static Map<String, Type> fields(Class<?> model) {
    var fields = new LinkedHashMap<String, Type>();
    for (var field : model.getDeclaredFields()) {
      var name = field.getAnnotation(SerializedName.class);
      if (name != null) {
        fields.put(name.value(), field.getGenericType());
      }
    }
    return fields;
  }

  /** The operator's models are of an older generator and don't tell. */
  private static Set<String> required(Class<?> model) {
    try {
      @SuppressWarnings("unchecked") // so it is declared
      var names = (Set<String>) model.getField("openapiRequiredFields").get(null);
      return names == null ? Set.of() : names;
    } catch (NoSuchFieldException e) {
      return Set.of();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(model.getName(), e);
    }
  }
}
