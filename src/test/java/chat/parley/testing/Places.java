package chat.parley.testing;

import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Read;
import chat.parley.testing.Entry.Received;
import chat.parley.testing.Violation.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where each message is, put together from what everybody saw; complains where two disagree, and where an ack tells
 * otherwise. Confined to the checker's call.
 */
final class Places {
  /** One numbering of one room. */
  record Numbering(String room, String epoch) {}

  private record Spot(Numbering numbering, long seq) {}

  private record Seat(String epoch, MessageKey key) {}

  private final Set<Numbering> forked;
  private final List<Violation> violations;
  private final Map<Spot, MessageKey> messages = new HashMap<>();
  private final Map<Seat, Long> seqs = new HashMap<>();
  private final Map<String, Set<String>> epochs = new HashMap<>();
  private final Map<MessageKey, Acked> accepted = new HashMap<>();

  /** Numberings in {@code forked} may differ from client to client; they are left out. */
  Places(Set<Numbering> forked, List<Violation> violations) {
    this.forked = forked;
    this.violations = violations;
  }

  /** Where this client saw messages. */
  void saw(History history) {
    history.all(Received.class).forEach(line -> saw(history.client(), line.entry()));
    history
        .all(Read.class)
        .forEach(line -> line.entry().messages().forEach(m -> saw(history.client(), m)));
  }

  private void saw(String client, Received message) {
    var numbering = new Numbering(message.room(), message.epoch());
    if (forked.contains(numbering)) {
      return;
    }
    var key = MessageKey.of(message);
    epochs.computeIfAbsent(message.room(), room -> new HashSet<>()).add(message.epoch());
    var there = messages.putIfAbsent(new Spot(numbering, message.seq()), key);
    if (there != null && !there.equals(key)) {
      complain(Kind.DISAGREE, client, message, "saw " + key + " where others saw " + there);
    }
    var seq = seqs.putIfAbsent(new Seat(message.epoch(), key), message.seq());
    if (seq != null && seq != message.seq()) {
      complain(Kind.DISAGREE, client, message, "saw " + key + ", that is also at " + seq);
    }
  }

  private void complain(Kind kind, String client, Received message, String what) {
    var where = message.epoch() + "/" + message.seq() + ": ";
    violations.add(new Violation(kind, message.room(), client, where + what));
  }

  /** What this client's acks say of its messages; after all has been seen. */
  void acked(History history) {
    history.all(Acked.class).forEach(line -> acked(history, line.entry()));
  }

  private void acked(History history, Acked ack) {
    var numbering = new Numbering(ack.room(), ack.epoch());
    if (forked.contains(numbering)) {
      return;
    }
    var key = new MessageKey(ack.room(), history.user(), ack.id());
    var said = key + " is said to be at " + ack.epoch() + "/" + ack.seq();
    var there = messages.putIfAbsent(new Spot(numbering, ack.seq()), key);
    var seq = seqs.putIfAbsent(new Seat(ack.epoch(), key), ack.seq());
    if (there != null && !there.equals(key)) {
      violations.add(new Violation(
          Kind.WRONG_ACK, ack.room(), history.client(), said + ", where " + there + " is"));
    } else if (seq != null && seq != ack.seq()) {
      violations.add(
          new Violation(Kind.WRONG_ACK, ack.room(), history.client(), said + ", but is at " + seq));
    }
    var before = ack.duplicate() ? null : accepted.putIfAbsent(key, ack);
    if (before != null) {
      violations.add(new Violation(
          Kind.ACKED_TWICE, ack.room(), history.client(), said + " as new, for the second time"));
    }
  }

  /** Where the message is in this numbering, if anybody saw it. */
  OptionalLong seq(String epoch, MessageKey key) {
    var seq = seqs.get(new Seat(epoch, key));
    return seq == null ? OptionalLong.empty() : OptionalLong.of(seq);
  }

  /** The numberings of a room that anybody saw a message in. */
  Set<String> epochs(String room) {
    return epochs.getOrDefault(room, Set.of());
  }
}
