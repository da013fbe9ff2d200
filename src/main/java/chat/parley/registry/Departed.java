package chat.parley.registry;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Which nodes have gone: those known to be dead, and those that are no members and have told nothing for long, which nobody saw dying. Immutable.
 *
 * @param dead nodes known to be dead
 * @param members nodes that live
 * @param before who is no member and told nothing since then, ms since 1970, is taken for dead
 */
record Departed(List<String> dead, List<String> members, long before) {
  /** Whether the node has gone that told something last at that time. */
  boolean has(String node, long told) {
    return dead.contains(node) || (!members.contains(node) && told < before);
  }

  void write(DataOutput out) throws IOException {
    Forms.writeNames(out, dead);
    Forms.writeNames(out, members);
    out.writeLong(before);
  }

  static Departed read(DataInput in) throws IOException {
    return new Departed(Forms.readNames(in), Forms.readNames(in), in.readLong());
  }
}
