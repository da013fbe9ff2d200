package chat.parley.room;

import chat.parley.cluster.SharedMap;
import chat.parley.cluster.UnavailableException;
import chat.parley.metrics.Metrics;
import chat.parley.room.Append.Outcome;
import chat.parley.room.LogEntry.Draft;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way into the rooms' logs. One call is in flight per room; whatever arrives meanwhile goes with the next, so the cost is per call and not per
 * message, and a session's order is kept. An append whose answer is doubtful is repeated with the same ids until it is certain. Confined to its event
 * loop.
 */
public final class RoomLog {
  /** Accepted: what the sender is told. {@code duplicate}: it had been accepted before. */
  public record Receipt(String epoch, long seq, long time, boolean duplicate) {}

  /** Who hears of what happened in the logs. Called on the log's event loop. */
  interface Outlet {
    /** Whether anybody would hear of messages now; where nobody would, nothing need be encoded. */
    boolean heard(String room, String[] audience);

    /** The messages now stand in the log from {@code first} on; every node of the audience is to have them. */
    void accepted(String room, String[] audience, RoomEvent.Messages messages);

    /** To be passed on to the audience. */
    void signalled(String room, String[] audience, RoomEvent.Signals signals);

    /** Something may stand in the log that nobody was told of: the audience has to look. */
    void doubtful(String room, String[] audience);
  }

  /** The longest batch, and so the longest that one call holds a partition. */
  static final int BATCH_ITEMS = 1024;

  static final int BATCH_BYTES = 512 * 1024;

  /** What may wait for one room on one event loop; beyond it publishing is refused. */
  static final int QUEUE_BYTES = 8 * 1024 * 1024;

  /** How often senders whose time is up are looked for: so much before it is up they are told. */
  static final Duration SWEEP = Duration.ofMillis(50);

  private final Vertx vertx;
  private final SharedMap<RoomState> rooms;
  private final RetentionRules retention;
  private final InstantSource clock;
  private final Duration timeout;
  private final Metrics metrics;
  private final Predicate<String> gone;
  private final Outlet outlet;
  private final Map<String, RoomQueue> queues = new HashMap<>();

  /**
   * @param timeout within which the sender of a publish has its receipt or is told {@code unavailable}
   * @param gone whether a node is known to be dead
   */
  RoomLog(
      Vertx vertx,
      SharedMap<RoomState> rooms,
      RetentionRules retention,
      InstantSource clock,
      Duration timeout,
      Metrics metrics,
      Predicate<String> gone,
      Outlet outlet) {
    this.vertx = vertx;
    this.rooms = rooms;
    this.retention = retention;
    this.clock = clock;
    this.timeout = timeout;
    this.metrics = metrics;
    this.gone = gone;
    this.outlet = outlet;
    vertx.setPeriodic(SWEEP.toMillis(), timer -> expire());
  }

  /**
   * Appends a message after everything that was appended to the room here before. Fails with {@link UnavailableException}; a doubtful failure
   * may have been accepted all the same, and repeating it with the same id is safe.
   *
   * @param notTo the member that is spared its own copy, or null
   */
  Future<Receipt> append(String room, Draft draft, @Nullable Subscriber notTo) {
    return queue(room).add(draft, notTo);
  }

  /** Passes a signal on, after everything that was appended to the room here before. Fails if the audience can't be known now. */
  Future<Void> signal(String room, Line line) {
    return queue(room).add(line);
  }

  Future<Head> watch(String room, String node) {
    return rooms.submit(room, new Watch(node, Epochs.fresh()));
  }

  Future<Head> unwatch(String room, String node) {
    return rooms.submit(room, new Unwatch(node));
  }

  Future<Page> read(String room, Read page) {
    return rooms.submit(room, page);
  }

  Future<Map<String, Head>> look(List<String> names) {
    return rooms.submitAll(names, new Look());
  }

  private RoomQueue queue(String room) {
    return queues.computeIfAbsent(room, name -> new RoomQueue(this, name));
  }

  Future<Append.Appended> append(String room, List<Draft> drafts, List<String> dead) {
    return rooms.submit(
        room, new Append(Epochs.fresh(), clock.millis(), retention.of(room), drafts, dead));
  }

  /** Those of the audience that are known to be dead, for the room to forget. */
  List<String> dead(String[] audience) {
    return Arrays.stream(audience).filter(gone).toList();
  }

  Future<Head> look(String room) {
    return rooms.submit(room, new Look());
  }

  Outlet outlet() {
    return outlet;
  }

  Metrics metrics() {
    return metrics;
  }

  long deadline() {
    return clock.millis() + timeout.toMillis();
  }

  void later(Duration delay, Runnable task) {
    vertx.setTimer(delay.toMillis(), timer -> task.run());
  }

  private void expire() {
    long soon = clock.millis() + SWEEP.toMillis();
    queues.values().removeIf(queue -> queue.expire(soon));
  }

  static Receipt receipt(String epoch, Outcome outcome) {
    return new Receipt(epoch, outcome.seq(), outcome.time(), outcome.duplicate());
  }
}
