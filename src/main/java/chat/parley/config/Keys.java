package chat.parley.config;

import chat.parley.setting.Setting;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way between a record of records and its keys: a record is a section, anything else a value. Pure. */
final class Keys {
  private Keys() {}

  /** The keys of a record, in the order in which it declares them. */
  static List<Key> of(Class<? extends Record> type) {
    var keys = new ArrayList<Key>();
    collect("", type, keys);
    return List.copyOf(keys);
  }

  private static void collect(String prefix, Class<?> type, List<Key> into) {
    for (var component : type.getRecordComponents()) {
      String name = prefix + component.getName();
      if (component.getType().isRecord()) {
        collect(name + ".", component.getType(), into);
      } else {
        into.add(key(name, component));
      }
    }
  }

  private static Key key(String name, RecordComponent component) {
    var setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(name + " has no @Setting");
    }
    AnnotatedElement annotated = component.getAnnotatedType();
    return new Key(
        name, component.getType(), annotated.isAnnotationPresent(Nullable.class), setting);
  }

  /** The record with these values by key; each key must have one, which may be null. */
  static <T extends Record> T build(Class<T> type, Map<String, ? extends @Nullable Object> values) {
    return type.cast(build("", type, values));
  }

  private static Object build(
      String prefix, Class<?> type, Map<String, ? extends @Nullable Object> values) {
    var components = type.getRecordComponents();
    var arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = prefix + components[i].getName();
      var part = components[i].getType();
      arguments[i] = part.isRecord() ? build(name + ".", part, values) : values.get(name);
    }
    try {
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " refuses its own defaults", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be a public record", e);
    }
  }
}
