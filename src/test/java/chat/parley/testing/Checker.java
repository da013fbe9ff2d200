package chat.parley.testing;

import chat.parley.protocol.Position;
import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Read;
import chat.parley.testing.Entry.Received;
import chat.parley.testing.Entry.Sent;
import chat.parley.testing.Violation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges what clients saw against what the protocol promises, from their journals alone. Let the senders stop and the members
 * catch up before asking: an acked message that is still on its way counts as lost. Pure.
 */
public final class Checker {
  private final boolean forksAllowed;

  private Checker(boolean forksAllowed) {
    this.forksAllowed = forksAllowed;
  }

  /** For clusters that never accept on two sides: every numbering has to be one and the same for everybody. */
  public static Checker strict() {
    return new Checker(false);
  }

  /**
   * For a partition without quorum, where both sides go on in one numbering until the merge begins another: a numbering
   * that somebody has left for the next one may have forked, the last one may not.
   */
  public static Checker allowingForks() {
    return new Checker(true);
  }

  /** Judges all that a cluster's clients saw. */
  public Verdict check(Collection<Journal> journals) {
    return new Case(journals.stream().map(History::of).toList()).judge();
  }

  private final class Case {
    private final List<History> histories;
    private final List<Violation> violations = new ArrayList<>();
    private final List<Membership> memberships = new ArrayList<>();
    private final Map<MessageKey, Acked> acks = new HashMap<>();
    private final Map<String, Map<MessageKey, Position>> accepted = new HashMap<>();
    private final Map<MessageKey, Long> firstSent = new HashMap<>();
    private long judged;

    Case(List<History> histories) {
      this.histories = histories;
    }

    Verdict judge() {
      histories.forEach(history -> memberships.addAll(Membership.follow(history, violations)));
      var places = new Places(forksAllowed ? left() : Set.of(), violations);
      histories.forEach(places::saw);
      histories.forEach(places::acked);
      histories.forEach(history -> new OwnOrder(history, places, violations).check());
      histories.forEach(this::collect);
      acks.forEach((key, ack) -> in(key.room()).put(key, new Position(ack.epoch(), ack.seq())));
      new Contents(histories, violations).check();
      memberships.forEach(this::checkOwed);
      histories.forEach(this::checkReads);
      checkTogether();
      return verdict();
    }

    /** The numberings that somebody went on from. */
    private Set<Places.Numbering> left() {
      return memberships.stream()
          .flatMap(m -> m.leftEpochs().stream().map(epoch -> new Places.Numbering(m.room(), epoch)))
          .collect(Collectors.toSet());
    }

    private void collect(History history) {
      for (var sent : history.all(Sent.class)) {
        var id = history.idOf(sent);
        if (id != null) {
          firstSent.merge(
              new MessageKey(sent.entry().room(), history.user(), id),
              sent.entry().at(),
              Math::min);
        }
      }
      for (var line : history.all(Received.class)) {
        var message = line.entry();
        in(message.room())
            .putIfAbsent(MessageKey.of(message), new Position(message.epoch(), message.seq()));
      }
      for (var acked : history.all(Acked.class)) {
        var ack = acked.entry();
        acks.merge(
            new MessageKey(ack.room(), history.user(), ack.id()),
            ack,
            (a, b) -> a.duplicate() ? b : a);
      }
    }

    /** What was accepted in a room, and where: as acked, else as seen. */
    private Map<MessageKey, Position> in(String room) {
      return accepted.computeIfAbsent(room, r -> new HashMap<>());
    }

    private void checkOwed(Membership member) {
      in(member.room()).forEach((key, at) -> {
        if (member.isOwed(key, at, firstSent.getOrDefault(key, Long.MIN_VALUE))) {
          judged++;
          if (!member.saw(key)) {
            var acked = acks.containsKey(key);
            var what = key + (acked ? ", acked at " : ", at ") + at.epoch() + "/" + at.seq()
                + ", never came";
            violations.add(
                new Violation(acked ? Kind.LOST : Kind.MISSED, key.room(), member.client(), what));
          }
        }
      });
    }

    private void checkReads(History history) {
      history.all(Read.class).forEach(read -> checkRead(history.client(), read.entry()));
    }

    private void checkRead(String client, Read read) {
      var expected = read.messages().isEmpty() ? 1 : read.messages().getFirst().seq();
      var first = expected;
      var there = new HashSet<MessageKey>();
      for (var message : read.messages()) {
        if (message.seq() != expected) {
          var kind = message.seq() > expected ? Kind.HOLE : Kind.OUT_OF_ORDER;
          violations.add(new Violation(
              kind, read.room(), client, "history has " + message.seq() + ", not " + expected));
        }
        expected = message.seq() + 1;
        if (!there.add(MessageKey.of(message))) {
          violations.add(new Violation(
              Kind.TWICE, read.room(), client, "history has twice " + MessageKey.of(message)));
        }
      }
      acks.forEach((key, ack) -> {
        var trimmed = first > 1 && (!ack.epoch().equals(read.epoch()) || ack.seq() < first);
        if (key.room().equals(read.room()) && ack.at() < read.from() && !trimmed) {
          judged++;
          if (!there.contains(key)) {
            violations.add(new Violation(Kind.LOST, key.room(), client, "history lacks " + key));
          }
        }
      });
    }

    private void checkTogether() {
      var last = new HashMap<String, Membership>();
      for (var member : memberships) {
        var other = member.open() ? last.putIfAbsent(member.room(), member) : null;
        if (other != null && !Objects.equals(other.epoch(), member.epoch())) {
          var what = "is in " + member.epoch() + ", " + other.client() + " in " + other.epoch();
          violations.add(new Violation(Kind.PARTED, member.room(), member.client(), what));
        }
      }
    }

    private Verdict verdict() {
      return new Verdict(
          violations,
          histories.stream()
              .mapToLong(history -> history.all(Sent.class).size())
              .sum(),
          acks.size(),
          histories.stream()
              .mapToLong(history -> history.all(Received.class).size())
              .sum(),
          judged,
          memberships.stream().mapToLong(Membership::resumed).sum(),
          memberships.stream().mapToLong(Membership::renumbered).sum(),
          memberships.stream().mapToLong(Membership::gaps).sum());
    }
  }
}
