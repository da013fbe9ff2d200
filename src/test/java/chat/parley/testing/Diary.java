package chat.parley.testing;

import chat.parley.protocol.Position;
import java.util.ArrayList;
import java.util.List;

/** Writes a journal by hand, in one room, all diaries on one clock. Confined to the test's thread. */
final class Diary {
  private static long clock;

  private final String user;
  private final List<Entry> entries = new ArrayList<>();
  private int refs;

  Diary(String user) {
    this.user = user;
    connected();
  }

  Diary connected() {
    return add(new Entry.Connected(now(), user, "s" + clock, "n1"));
  }

  Diary ended() {
    return add(new Entry.Ended(now(), 1006));
  }

  Diary joined(String epoch, long head) {
    return add(new Entry.Joined(now(), "r", epoch, head, false, true, null, 0));
  }

  Diary joinedWithLast(String epoch, long head, int last) {
    return add(new Entry.Joined(now(), "r", epoch, head, false, true, null, last));
  }

  Diary resumed(String epoch, long head, long since) {
    return add(
        new Entry.Joined(now(), "r", epoch, head, true, true, new Position(epoch, since), 0));
  }

  Diary notResumed(String epoch, long head, long since) {
    return add(
        new Entry.Joined(now(), "r", epoch, head, false, true, new Position("e1", since), 0));
  }

  Diary told(String epoch, long head) {
    return add(new Entry.Joined(now(), "r", epoch, head, true, false, null, 0));
  }

  Diary left() {
    return add(new Entry.Left(now(), "r"));
  }

  /** Message {@code id} of ann's. */
  Diary got(String epoch, long seq, String id) {
    return got(epoch, seq, id, "\"" + id + "\"");
  }

  Diary got(String epoch, long seq, String id, String data) {
    return add(new Entry.Received(now(), "r", epoch, seq, id, "ann", data));
  }

  Diary sent(String id) {
    return add(new Entry.Sent(now(), "" + ++refs, "r", id, "\"" + id + "\"", true));
  }

  Diary sentWithoutEcho(String id) {
    return add(new Entry.Sent(now(), "" + ++refs, "r", id, "\"" + id + "\"", false));
  }

  /** The last publish is acked. */
  Diary acked(String epoch, long seq, String id) {
    return acked(refs, epoch, seq, id, false);
  }

  Diary acked(int ref, String epoch, long seq, String id, boolean duplicate) {
    return add(new Entry.Acked(now(), "" + ref, "r", id, epoch, seq, duplicate));
  }

  Diary read(String epoch, long first, String... ids) {
    var messages = new ArrayList<Entry.Received>();
    for (var id : ids) {
      messages.add(
          new Entry.Received(0, "r", epoch, first + messages.size(), id, "ann", "\"" + id + "\""));
    }
    return add(new Entry.Read(now(), now(), "r", epoch, messages));
  }

  Journal journal() {
    return Journal.of(user, entries);
  }

  private Diary add(Entry entry) {
    entries.add(entry);
    return this;
  }

  private static long now() {
    return ++clock;
  }
}
