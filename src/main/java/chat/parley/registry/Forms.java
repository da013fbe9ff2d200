package chat.parley.registry;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The small shapes that the registry's binary forms share. Pure. */
final class Forms {
  private Forms() {}

  /** Writes one item. */
  @FunctionalInterface
  interface Writer<T> {
    void write(T item, DataOutput out) throws IOException;
  }

  /** Reads one item. */
  @FunctionalInterface
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  static <T> void writeAll(DataOutput out, Collection<T> items, Writer<T> writer)
      throws IOException {
    out.writeInt(items.size());
    for (var item : items) {
      writer.write(item, out);
    }
  }

  static <T> List<T> readAll(DataInput in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    var items = new ArrayList<T>(Math.min(size, 10_000));
    for (int i = 0; i < size; i++) {
      items.add(reader.read(in));
    }
    return items;
  }

  static void writeNames(DataOutput out, Collection<String> names) throws IOException {
    writeAll(out, names, (name, to) -> to.writeUTF(name));
  }

  static List<String> readNames(DataInput in) throws IOException {
    return readAll(in, DataInput::readUTF);
  }
}
