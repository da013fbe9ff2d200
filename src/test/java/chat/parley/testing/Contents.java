package chat.parley.testing;

import chat.parley.testing.Entry.Received;
import chat.parley.testing.Entry.Sent;
import chat.parley.testing.Violation.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether every message that came was sent, and as it was sent. Confined to the checker's call. */
final class Contents {
  private final List<History> histories;
  private final List<Violation> violations;
  private final Map<MessageKey, Set<String>> sent = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Set<String> speakers = new HashSet<>();

  Contents(List<History> histories, List<Violation> violations) {
    this.histories = histories;
    this.violations = violations;
  }

  void check() {
    histories.forEach(this::collect);
    for (var history : histories) {
      history.all(Received.class).forEach(line -> check(history.client(), line.entry()));
    }
  }

  private void collect(History history) {
    speakers.add(history.user());
    for (var line : history.all(Sent.class)) {
      var id = history.idOf(line);
      if (id == null) {
        // The server named it and the ack got lost: any id may be this one.
        silent.add(history.user());
      } else {
        var key = new MessageKey(line.entry().room(), history.user(), id);
        sent.computeIfAbsent(key, k -> new HashSet<>()).add(line.entry().data());
      }
    }
  }

  private void check(String client, Received message) {
    var key = MessageKey.of(message);
    var data = sent.get(key);
    if (data != null && !data.contains(message.data())) {
      var what = key + " was sent as " + data + " and came as " + message.data();
      violations.add(new Violation(Kind.ALTERED, message.room(), client, what));
    }
    if (data == null && speakers.contains(message.user()) && !silent.contains(message.user())) {
      violations.add(new Violation(Kind.NEVER_SENT, message.room(), client, key.toString()));
    }
  }
}
