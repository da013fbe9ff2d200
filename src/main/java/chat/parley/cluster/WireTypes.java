package chat.parley.cluster;

import java.io.DataInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The types that may travel between nodes: number, class, reader. Filled at start, read-only afterwards. */
public final class WireTypes {
  /** Reads what {@link Wire#write} wrote. */
  @FunctionalInterface
  public interface Reader<T extends Wire> {
    T read(DataInput in) throws IOException;
  }

  /** One registered type. */
  public record Type<T extends Wire>(int number, Class<T> type, Reader<T> reader) {}

  private final Map<Integer, Type<?>> byNumber = new HashMap<>();
  private final Map<Class<?>, Type<?>> byClass = new HashMap<>();

  /**
   * Registers a type under a number that is part of the format between nodes: never reuse one.
   *
   * @throws IllegalArgumentException if the number or the class is taken
   */
  public <T extends Wire> WireTypes register(int number, Class<T> type, Reader<T> reader) {
    var entry = new Type<>(number, type, reader);
    if (byNumber.putIfAbsent(number, entry) != null || byClass.putIfAbsent(type, entry) != null) {
      throw new IllegalArgumentException(
          "number " + number + " or " + type + " is registered already");
    }
    return this;
  }

  /** The type of that number. @throws IllegalArgumentException if there is none */
  public Type<?> byNumber(int number) {
    var found = byNumber.get(number);
    if (found == null) {
      throw new IllegalArgumentException(
          "no type has number " + number + ": a node of a newer version sent it");
    }
    return found;
  }

  /** The number of that class. @throws IllegalArgumentException if it is not registered */
  public int numberOf(Class<?> type) {
    var found = byClass.get(type);
    if (found == null) {
      throw new IllegalArgumentException(type + " is not registered");
    }
    return found.number();
  }

  /** All types. */
  public Iterable<Type<?>> all() {
    return byNumber.values();
  }
}
