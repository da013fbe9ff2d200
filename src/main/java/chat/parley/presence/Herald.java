package chat.parley.presence;

import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ServerFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a room's members on this node what changed, not too often: names in a small room, only how many in a large one. Numbers what it tells, so that a lost
 * frame shows. Confined to the room's home loop.
 */
final class Herald {
  /** The pause between two frames while the room is small. */
  static final Duration PAUSE = Duration.ofMillis(40);

  /** The pause between two frames while it is large. */
  static final Duration LARGE_PAUSE = Duration.ofSeconds(1);

  private static final ServerFrame.Changes NOTHING =
      new ServerFrame.Changes(List.of(), List.of(), List.of());

  private final RoomPresence.Surroundings around;
  private final String room;
  private final Roster roster;
  private final int full;
  private long version;
  private int told;
  private boolean large;
  private boolean planned;
  private boolean resting;
  private final List<Promise<Void>> asking = new ArrayList<>();

  Herald(RoomPresence.Surroundings around, String room, Roster roster, int full) {
    this.around = around;
    this.room = room;
    this.roster = roster;
    this.full = full;
  }

  /** The number of the last frame. */
  long version() {
    return version;
  }

  /**
   * Done when a list of users is right at {@link #version()}: in a small room once what changed has been told. Otherwise somebody who was there between two frames
   * only would stay on the list of whoever asked in between.
   */
  Future<Void> listable() {
    if (large || !roster.hasChanges()) {
      return Future.succeededFuture();
    }
    Promise<Void> told = Promise.promise();
    asking.add(told);
    return told.future();
  }

  /** Something in the roster may have changed. */
  void changed() {
    if (roster.hasChanges() && !planned && !resting) {
      planned = true;
      around.atEndOfTurn(this::tell);
    }
  }

  private void tell() {
    planned = false;
    var changes = roster.takeChanges();
    boolean wasLarge = large;
    int count = roster.count();
    // A little less than what made it large, so that it doesn't go to and fro.
    large = large ? count * 10L >= full * 9L : count > full;
    if (large) {
      if (!wasLarge || count != told) {
        push(count, null);
      }
    } else if (wasLarge) {
      // Whoever keeps a list has an old one: the missing version makes them ask.
      version++;
      push(count, NOTHING);
    } else if (!changes.isEmpty()) {
      push(count, changes);
    }
    var answered = List.copyOf(asking);
    asking.clear();
    answered.forEach(Promise::complete);
  }

  private void push(int count, ServerFrame.@Nullable Changes changes) {
    version++;
    told = count;
    around.announce(
        room, FrameCodec.encode(new ServerFrame.Presence(room, version, count, changes)));
    resting = true;
    around.later(large ? LARGE_PAUSE : PAUSE, () -> {
      resting = false;
      changed();
    });
  }
}
