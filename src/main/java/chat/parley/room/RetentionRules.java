package chat.parley.room;

import chat.parley.protocol.RoomName;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of which room is kept: the first rule whose pattern fits the room's name, else the general one. Immutable.
 *
 * @param general for every room without a rule of its own
 */
public record RetentionRules(Retention general, List<Rule> rules) {
  /** One exception; {@code pattern} as in {@link RoomName#matches}. */
  public record Rule(String pattern, Retention keep) {}

  /** What is kept of that room. */
  public Retention of(String room) {
    for (var rule : rules) {
      if (RoomName.matches(rule.pattern(), room)) {
        return rule.keep();
      }
    }
    return general;
  }

  void write(DataOutput out) throws IOException {
    general.write(out);
    out.writeInt(rules.size());
    for (var rule : rules) {
      out.writeUTF(rule.pattern());
      rule.keep().write(out);
    }
  }

  static RetentionRules read(DataInput in) throws IOException {
    var general = Retention.read(in);
    var rules = new ArrayList<Rule>();
    for (int n = in.readInt(); n > 0; n--) {
      rules.add(new Rule(in.readUTF(), Retention.read(in)));
    }
    return new RetentionRules(general, List.copyOf(rules));
  }
}
