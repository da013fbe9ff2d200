package chat.parley.room;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The way from one event loop of this node to another node. A few bus messages are under way, each confirmed by the other side; what comes
 * meanwhile goes with the next. What waits is bounded: over the bound it is dropped, and the other node is told, once it answers again, to compare
 * those rooms with their logs. (The event bus itself would queue without bound.) Confined to its event loop.
 */
final class PeerLink {
  /** Bus messages that wait for their confirmation. */
  static final int WINDOW = 4;

  /** A bus message is closed at this size. */
  static final int MESSAGE_BYTES = 256 * 1024;

  /** What may wait for a node per event loop. */
  static final int QUEUE_BYTES = 4 * 1024 * 1024;

  /** How many rooms with dropped parcels are remembered; for the others the periodic comparison has to do. */
  private static final int DROPPED_ROOMS = 10_000;

  private static final Duration RETRY = Duration.ofMillis(500);

  /** What a link needs of its surroundings. */
  interface Surroundings {
    /** Sends one bus message; succeeds when the other node has dealt with it. */
    Future<Void> send(Buffer message);

    void later(Duration delay, Runnable task);

    /** So many bytes more wait or are not yet confirmed, or so many fewer. */
    void queued(int bytes);

    void dropped(int parcels);
  }

  /** One bus message, and the rooms to be compared if it is lost. */
  private static final class Outgoing {
    final Buffer bytes = Parcel.begin();
    final Set<String> rooms = new LinkedHashSet<>();
  }

  private final Surroundings around;
  private final ArrayDeque<Outgoing> full = new ArrayDeque<>();
  private final Set<String> dropped = new LinkedHashSet<>();
  private Outgoing open = new Outgoing();
  private int queued;
  private int flying;
  private boolean closed;

  PeerLink(Surroundings around) {
    this.around = around;
  }

  /** Takes a parcel to be sent at the next {@link #flush()} that finds the window open. */
  void add(Parcel parcel) {
    if (queued > QUEUE_BYTES) {
      drop(Set.of(parcel.room()));
      return;
    }
    int before = open.bytes.length();
    Parcel.append(open.bytes, parcel);
    open.rooms.add(parcel.room());
    queue(open.bytes.length() - before);
    if (open.bytes.length() >= MESSAGE_BYTES) {
      full.add(open);
      open = new Outgoing();
    }
  }

  /** Sends what waits, as far as the window allows. */
  void flush() {
    while (!closed && flying < WINDOW && (!full.isEmpty() || !open.rooms.isEmpty())) {
      var message = full.poll();
      if (message == null) {
        message = open;
        open = new Outgoing();
      }
      send(message);
    }
  }

  private void send(Outgoing message) {
    flying++;
    around.send(message.bytes).onComplete(confirmed -> {
      flying--;
      if (closed) {
        return;
      }
      queue(1 - message.bytes.length());
      if (confirmed.failed()) {
        drop(message.rooms);
        around.later(RETRY, this::tellOfDropped);
      } else {
        tellOfDropped();
      }
    });
  }

  private void queue(int bytes) {
    queued += bytes;
    around.queued(bytes);
  }

  private void drop(Set<String> rooms) {
    around.dropped(rooms.size());
    for (var room : rooms) {
      if (dropped.size() < DROPPED_ROOMS) {
        dropped.add(room);
      }
    }
  }

  private void tellOfDropped() {
    var rooms = dropped.iterator();
    while (rooms.hasNext() && queued < QUEUE_BYTES / 2) {
      add(new Parcel.OfDoubt(rooms.next()));
      rooms.remove();
    }
    flush();
  }

  /** The node is gone: nothing is sent any more. */
  void close() {
    closed = true;
    full.clear();
    dropped.clear();
    queue(-queued);
  }
}
