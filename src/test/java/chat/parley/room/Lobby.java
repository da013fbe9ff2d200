package chat.parley.room;

import static chat.parley.room.Samples.ROOM;

import chat.parley.protocol.Position;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Renumbered;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.room.Samples.Unite;
import chat.parley.room.Subscriber.Joined;
import chat.parley.testing.Await;
import chat.parley.testing.HandTurnedTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One room on one event loop: its log is real, and what the loop hears of it comes when the test says so. Confined to the test's thread. */
final class Lobby implements LocalRoom.Surroundings {
  final HandTurnedTime time = new HandTurnedTime();
  final FaultyMap map = new FaultyMap();
  final LocalRoom here;
  Retention keep = Samples.PLENTY;
  int checks;
  private final ArrayDeque<RoomEvent> underWay = new ArrayDeque<>();
  private final List<Runnable> ending = new ArrayList<>();

  Lobby(String... ids) {
    append(ids);
    here = new LocalRoom(ROOM, new Attached("e1", ids.length), this);
  }

  private Messages append(String... ids) {
    var append = Samples.append(1_000, keep, ids);
    return Samples.told(append, Await.result("append", map.elsewhere().submit(ROOM, append)));
  }

  /** The log has these; this loop has not heard of them yet. */
  Lobby said(String... ids) {
    underWay.add(append(ids));
    return this;
  }

  /** The log goes on in another numbering since another half came back; this loop has not heard of it yet. */
  String united(String... ids) {
    var other = Samples.snapshot(map.elsewhere());
    for (var id : ids) {
      other.accept(Samples.draft(id), 2_000);
    }
    append("own" + other.head());
    long start = other.head() - ids.length;
    var epoch =
        Await.result("uniting", map.elsewhere().submit(ROOM, new Unite(other))).epoch();
    var page = Await.result(
        "what follows", map.elsewhere().submit(ROOM, Read.after(start, Integer.MAX_VALUE)));
    underWay.add(new Renumbered(new Joined(epoch, page.head(), true), start));
    underWay.add(new Messages(
        epoch,
        start + 1,
        page.entries().stream()
            .map(entry -> Samples.line(epoch, entry.seq(), entry.id()))
            .toList()));
    return epoch;
  }

  /** This loop hears the next event. */
  boolean hear() {
    var event = underWay.poll();
    if (event != null) {
      here.on(event);
    }
    return event != null;
  }

  /** What is under way never gets here. */
  void lose() {
    underWay.clear();
  }

  /** This loop hears all that is under way, and its turn ends. */
  void hearAll() {
    while (hear()) {
      endTurn();
    }
    endTurn();
  }

  void endTurn() {
    var tasks = List.copyOf(ending);
    ending.clear();
    tasks.forEach(Runnable::run);
  }

  Future<Void> join(Member member) {
    return join(member, null, 0);
  }

  Future<Void> resume(Member member, String epoch, long seq) {
    return join(member.from(new Position(epoch, seq)), new Position(epoch, seq), 0);
  }

  Future<Void> join(Member member, @Nullable Position since, int last) {
    return here.join(member, since, last, member::welcome);
  }

  @Override
  public Future<Page> read(String room, Read page) {
    return map.submit(room, page);
  }

  @Override
  public void check(String room) {
    checks++;
  }

  @Override
  public void atEndOfTurn(Runnable task) {
    ending.add(task);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    time.later(delay, task);
  }

  @Override
  public void delivered(Burst frames, int members) {}
}
