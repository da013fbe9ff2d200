package chat.parley.testing;

import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Connected;
import chat.parley.testing.Entry.Ended;
import chat.parley.testing.Entry.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A finished journal, its entries sorted by connection and its acks by request. Immutable once made. */
final class History {
  /** An entry and the connection, counted from 0, on which it happened. */
  record Line<E extends Entry>(int connection, E entry) {}

  private record Request(int connection, String ref) {}

  private final String client;
  private final String user;
  private final List<Line<? extends Entry>> lines = new ArrayList<>();
  private final Map<Request, Acked> answers = new HashMap<>();

  private History(Journal journal) {
    this.client = journal.client();
    var speaker = journal.client();
    var connection = 0;
    for (var entry : journal.entries()) {
      lines.add(new Line<>(connection, entry));
      switch (entry) {
        case Connected connected -> speaker = connected.user();
        case Acked acked -> answers.put(new Request(connection, acked.ref()), acked);
        // Not at the next welcome: a client need not wait for it to speak.
        case Ended ended -> connection++;
        default -> {}
      }
    }
    this.user = speaker;
  }

  static History of(Journal journal) {
    return new History(journal);
  }

  String client() {
    return client;
  }

  /** The user that every connection of this journal spoke for. */
  String user() {
    return user;
  }

  List<Line<? extends Entry>> lines() {
    return lines;
  }

  /** The entries of one kind. */
  <E extends Entry> List<Line<E>> all(Class<E> kind) {
    var all = new ArrayList<Line<E>>();
    for (var line : lines) {
      if (kind.isInstance(line.entry())) {
        all.add(new Line<>(line.connection(), kind.cast(line.entry())));
      }
    }
    return all;
  }

  /** The ack of this very request, or null. */
  @Nullable
  Acked ackOf(Line<Sent> sent) {
    return answers.get(new Request(sent.connection(), sent.entry().ref()));
  }

  /** The id that a publish went by: the client's own or, once acked, the server's; else null. */
  @Nullable
  String idOf(Line<Sent> sent) {
    var ack = ackOf(sent);
    var own = sent.entry().id();
    return own != null || ack == null ? own : ack.id();
  }
}
