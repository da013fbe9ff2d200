package chat.parley.testing;

import chat.parley.testing.Entry.Sent;
import chat.parley.testing.Violation.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether what one session published to one room was accepted in the order sent. A request counts where it is certain which
 * one was accepted: it was acked as new, or it was the only one with its id. Confined to the checker's call.
 */
final class OwnOrder {
  private record Lane(int connection, String room, String epoch) {}

  private final History history;
  private final Places places;
  private final List<Violation> violations;
  private final Map<Lane, Long> last = new HashMap<>();

  OwnOrder(History history, Places places, List<Violation> violations) {
    this.history = history;
    this.places = places;
    this.violations = violations;
  }

  void check() {
    var publishes = history.all(Sent.class);
    Map<String, Long> times = publishes.stream()
        .map(sent -> sent.entry().room() + " " + history.idOf(sent))
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    for (var sent : publishes) {
      var room = sent.entry().room();
      var id = history.idOf(sent);
      var ack = history.ackOf(sent);
      if (ack != null && !ack.duplicate()) {
        rises(new Lane(sent.connection(), room, ack.epoch()), ack.seq(), ack.id());
      } else if (id != null && ack == null && times.getOrDefault(room + " " + id, 0L) == 1) {
        var key = new MessageKey(room, history.user(), id);
        for (var epoch : places.epochs(room)) {
          places
              .seq(epoch, key)
              .ifPresent(seq -> rises(new Lane(sent.connection(), room, epoch), seq, id));
        }
      }
    }
  }

  private void rises(Lane lane, long seq, String id) {
    var before = last.merge(lane, seq, Math::max);
    if (before > seq) {
      var what = id + " was sent later than what is at " + before + " but is at " + seq;
      violations.add(new Violation(Kind.OWN_ORDER, lane.room(), history.client(), what));
    }
  }
}
