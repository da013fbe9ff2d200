package chat.parley.testing;

import chat.parley.protocol.Position;
import chat.parley.testing.Entry.Connected;
import chat.parley.testing.Entry.Ended;
import chat.parley.testing.Entry.Joined;
import chat.parley.testing.Entry.Left;
import chat.parley.testing.Entry.Received;
import chat.parley.testing.Entry.Sent;
import chat.parley.testing.Violation.Kind;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client in one room, followed through its journal: which position has to come next, and since when it is owed everything.
 * A membership goes on over a broken connection or into a new numbering where the server says {@code recovered}.
 * Confined to the checker's call.
 */
final class Membership {
  /** The position after a join with history, or in a new numbering, is known only once the first message is there. */
  private static final long OPEN = -1;

  private final String room;
  private final History history;
  private final List<Violation> violations;
  private final Set<Long> spared = new HashSet<>();
  private final Set<MessageKey> seen = new HashSet<>();
  private final Set<MessageKey> seenInEpoch = new HashSet<>();
  private final Set<String> leftEpochs = new HashSet<>();
  private boolean member;
  private boolean known;
  private @Nullable String epoch;
  private long next;
  private long rereadUntil;
  private long head;
  private @Nullable String startEpoch;
  private long startSeq;
  private long startedAt;
  private long resumed;
  private long renumbered;
  private long gaps;

  private Membership(String room, History history, List<Violation> violations) {
    this.room = room;
    this.history = history;
    this.violations = violations;
  }

  /** Follows a client through all of its rooms. */
  static Collection<Membership> follow(History history, List<Violation> violations) {
    var rooms = new LinkedHashMap<String, Membership>();
    for (var line : history.lines()) {
      switch (line.entry()) {
        case Joined e -> in(rooms, e.room(), history, violations).joined(e);
        case Left e -> in(rooms, e.room(), history, violations).left();
        case Received e -> in(rooms, e.room(), history, violations).received(e);
        case Connected e -> rooms.values().forEach(room -> room.member = false);
        case Ended e -> rooms.values().forEach(room -> room.member = false);
        default -> {}
      }
    }
    return rooms.values();
  }

  private static Membership in(
      Map<String, Membership> rooms, String room, History history, List<Violation> violations) {
    return rooms.computeIfAbsent(room, name -> {
      var membership = new Membership(name, history, violations);
      membership.spare();
      return membership;
    });
  }

  /** Own messages that the client asked not to get. */
  private void spare() {
    for (var sent : history.all(Sent.class)) {
      var ack = history.ackOf(sent);
      if (ack != null && !sent.entry().echo() && ack.room().equals(room)) {
        spared.add(ack.seq());
      }
    }
  }

  private void joined(Joined joined) {
    member = true;
    var since = joined.since();
    if (joined.recovered() && joined.epoch().equals(epoch) && known) {
      goOn(joined);
    } else if (joined.recovered() && known) {
      renumber(joined);
    } else if (joined.recovered() && since != null) {
      begin(joined, since.seq());
      next = since.seq() + 1;
    } else {
      gaps += known && (since != null || !joined.asked()) ? 1 : 0;
      begin(joined, joined.seq());
      next = joined.last() > 0 ? OPEN : joined.seq() + 1;
    }
  }

  private void goOn(Joined joined) {
    resumed += joined.asked() ? 1 : 0;
    var since = joined.since();
    if (since != null && next != OPEN) {
      rereadUntil = next - 1;
      next = Math.min(next, since.seq() + 1);
    }
    if (joined.seq() < next - 1) {
      complain(
          Kind.HEAD_BEHIND, "had seen " + (next - 1) + ", was told the head is " + joined.seq());
      next = joined.seq() + 1;
    }
    head = Math.max(head, joined.seq());
  }

  private void renumber(Joined joined) {
    renumbered++;
    enter(joined);
    next = OPEN;
  }

  private void begin(Joined joined, long after) {
    enter(joined);
    known = true;
    startEpoch = joined.epoch();
    startSeq = after;
    startedAt = joined.at();
  }

  private void enter(Joined joined) {
    if (epoch != null && !epoch.equals(joined.epoch())) {
      leftEpochs.add(epoch);
    }
    seenInEpoch.clear();
    rereadUntil = 0;
    epoch = joined.epoch();
    head = joined.seq();
  }

  private void left() {
    member = false;
    known = false;
  }

  private void received(Received message) {
    var where = message.epoch() + "/" + message.seq();
    var key = MessageKey.of(message);
    if (!member) {
      complain(Kind.NOT_MEMBER, where + " came");
    } else if (!message.epoch().equals(epoch)) {
      complain(Kind.UNKNOWN_EPOCH, where + " came in " + epoch);
    } else {
      place(message, key);
    }
    seen.add(key);
    seenInEpoch.add(key);
  }

  private void place(Received message, MessageKey key) {
    var seq = message.seq();
    if (next == OPEN) {
      next = Math.min(seq, head + 1);
    }
    while (next < seq && spared.contains(next)) {
      next++;
    }
    if (seq > next) {
      complain(Kind.HOLE, (seq - next) + " missing from " + message.epoch() + "/" + next);
    } else if (seq < next) {
      var again = seenInEpoch.contains(key);
      complain(
          again ? Kind.TWICE : Kind.OUT_OF_ORDER,
          message.epoch() + "/" + seq + " came, not " + next);
    } else if (seenInEpoch.contains(key) && seq > rereadUntil) {
      complain(Kind.TWICE, key + " came again at " + message.epoch() + "/" + seq);
    }
    next = Math.max(next, seq + 1);
  }

  private void complain(Kind kind, String what) {
    violations.add(new Violation(kind, room, history.client(), what));
  }

  /** Whether this client, in the room until the end, should have seen the message accepted at this position. */
  boolean isOwed(MessageKey key, Position at, long sentAt) {
    if (!open()) {
      return false;
    }
    var own = key.user().equals(history.user()) && spared.contains(at.seq());
    var after = at.epoch().equals(startEpoch) && at.seq() > startSeq;
    return !own && (after || sentAt > startedAt);
  }

  boolean saw(MessageKey key) {
    return seen.contains(key);
  }

  /** Whether the client is in the room at the end of its journal. */
  boolean open() {
    return member;
  }

  String room() {
    return room;
  }

  String client() {
    return history.client();
  }

  @Nullable
  String epoch() {
    return epoch;
  }

  Set<String> leftEpochs() {
    return leftEpochs;
  }

  long resumed() {
    return resumed;
  }

  long renumbered() {
    return renumbered;
  }

  long gaps() {
    return gaps;
  }
}
