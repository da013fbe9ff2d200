package chat.parley.room;

import chat.parley.protocol.Position;
import chat.parley.room.RoomEvent.Announced;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Renumbered;
import chat.parley.room.RoomEvent.Signals;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.room.Subscriber.Joined;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One room's members on one event loop, and the frames they get at the end of this turn. Confined to its event loop. */
final class LocalRoom {
  /** What a room needs of its surroundings. */
  interface Surroundings {
    Future<Page> read(String room, Read page);

    /** Asks the room's feed to compare with the log. */
    void check(String room);

    void atEndOfTurn(Runnable task);

    void later(Duration delay, Runnable task);

    /** Frames are about to be written to so many members. */
    void delivered(Burst frames, int members);
  }

  private final String room;
  private final Surroundings around;
  private final List<Subscriber> members = new ArrayList<>();
  private final Map<Subscriber, CatchUp> catchingUp = new LinkedHashMap<>();
  private Burst burst = new Burst();
  private boolean flushPlanned;
  private String epoch;
  private long position;

  LocalRoom(String room, Attached at, Surroundings around) {
    this.room = room;
    this.epoch = at.epoch();
    this.position = at.position();
    this.around = around;
  }

  String epoch() {
    return epoch;
  }

  /** The newest position that this loop has heard of. */
  long position() {
    return position;
  }

  /**
   * Lets a member in. One that is in, or on its way in, begins anew; a joining that was still on its way fails.
   *
   * @param since what the member has already, or null
   * @param last how many of the newest messages it wants if {@code since} is null or can't be continued
   * @param welcome told where the member stands, right before its first frame
   */
  Future<Void> join(
      Subscriber member, @Nullable Position since, int last, Consumer<Joined> welcome) {
    leave(member);
    boolean upToDate =
        since == null ? last == 0 : since.epoch().equals(epoch) && since.seq() == position;
    if (upToDate) {
      live(member);
      welcome.accept(new Joined(epoch, position, since != null));
      return Future.succeededFuture();
    }
    var reading = new CatchUp(this, room, member, around, welcome);
    catchingUp.put(member, reading);
    return reading.begin(since, last);
  }

  void leave(Subscriber member) {
    flush();
    members.remove(member);
    var reading = catchingUp.remove(member);
    if (reading != null) {
      reading.stop();
    }
  }

  /** The member has everything up to here and from now on gets what is new. */
  void live(Subscriber member) {
    // What this turn has collected so far, the member has had from the log.
    flush();
    catchingUp.remove(member);
    members.add(member);
  }

  void gaveUp(Subscriber member) {
    catchingUp.remove(member);
  }

  void on(RoomEvent event) {
    switch (event) {
      case Messages messages -> messages(messages);
      case Signals signals -> collect(signals.lines(), true);
      case Announced announced -> announce(announced.line());
      case Renumbered renumbered -> renumbered(renumbered);
    }
  }

  private void messages(Messages messages) {
    if (!messages.epoch().equals(epoch) || messages.last() <= position) {
      return;
    }
    assert messages.first() <= position + 1 : "Bug: a feed publishes without holes";
    var fresh = messages.after(position);
    position = fresh.last();
    // Members first: who arrives with these messages gets them from its catching up.
    collect(fresh.lines(), false);
    List.copyOf(catchingUp.values()).forEach(reading -> reading.meanwhile(fresh));
  }

  /** It has no place among the messages, so who is still catching up need not wait for it. */
  private void announce(Line line) {
    var told = new ArrayList<Subscriber>();
    members.stream().filter(this::hearsAnnouncements).forEach(told::add);
    if (told.size() == members.size()) {
      collect(List.of(line), false);
      told.clear();
    } else {
      flush(); // what this turn has collected so far comes before it
    }
    catchingUp.forEach((member, itsReading) -> {
      if (itsReading.isAdmitted() && hearsAnnouncements(member)) {
        told.add(member);
      }
    });
    if (!told.isEmpty()) {
      var single = new Burst();
      single.add(line);
      around.delivered(single, told.size());
      single.deliverTo(told);
    }
  }

  private boolean hearsAnnouncements(Subscriber member) {
    return member.hearsAnnouncements(room);
  }

  private void renumbered(Renumbered event) {
    flush();
    epoch = event.joined().epoch();
    position = event.start();
    var reading = List.copyOf(catchingUp.values());
    // A member that is closed on the way leaves the list.
    List.copyOf(members).forEach(member -> member.renumbered(room, event.joined()));
    reading.forEach(CatchUp::renumbered);
  }

  private void collect(List<Line> lines, boolean ephemeral) {
    if (members.isEmpty()) {
      return;
    }
    lines.forEach(ephemeral ? burst::addEphemeral : burst::add);
    if (!flushPlanned) {
      flushPlanned = true;
      around.atEndOfTurn(() -> {
        flushPlanned = false;
        flush();
      });
    }
  }

  private void flush() {
    if (!burst.isEmpty()) {
      var full = burst;
      burst = new Burst();
      around.delivered(full, members.size());
      // A member that is closed on the way leaves the list.
      full.deliverTo(List.copyOf(members));
    }
  }
}
