package chat.parley.room;

import static chat.parley.room.Samples.ROOM;

import chat.parley.metrics.Metrics;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomFeed.Attached;
import chat.parley.room.Samples.Seen;
import chat.parley.room.Samples.Unite;
import chat.parley.testing.Await;
import chat.parley.testing.HandTurnedTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A feed whose surroundings are the test's: a real log, time turned by hand. Confined to the test's thread. */
abstract class FeedStage implements RoomFeed.Surroundings {
  static final Duration SOON = RoomFeed.PATIENCE.plusMillis(1);

  @SuppressWarnings("NullAway.Init") // opened before all
  private static Vertx vertx;

  final HandTurnedTime time = new HandTurnedTime();
  final FaultyMap map = new FaultyMap();
  final List<RoomEvent> published = new ArrayList<>();
  Retention keep = Samples.PLENTY;
  int repaired;
  private @Nullable MessageKey spared;
  private @Nullable Subscriber sender;
  final RoomLog log = new RoomLog(
      vertx,
      map,
      new RetentionRules(Samples.PLENTY, List.of()),
      InstantSource.system(),
      Duration.ofSeconds(5),
      new Metrics(new SimpleMeterRegistry()),
      node -> false,
      new SilentOutlet());
  final RoomFeed feed = new RoomFeed(ROOM, this);

  @BeforeEach
  void begin() {
    said();
  }

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    Await.result("closing", vertx.close());
  }

  @Override
  public RoomLog log() {
    return log;
  }

  @Override
  public String nodeId() {
    return "n1";
  }

  @Override
  public void publish(String room, RoomEvent event) {
    published.add(event);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    time.later(delay, task);
  }

  @Override
  public @Nullable Subscriber spared(String room, MessageKey message) {
    return message.equals(spared) ? sender : null;
  }

  @Override
  public void repaired(int messages) {
    repaired += messages;
  }

  /** This member said that, and does not want to hear it. */
  void spare(Subscriber itself, String id) {
    sender = itself;
    spared = Samples.draft(id).key();
  }

  /** Somebody's messages go into the log; the answer is what this node is to be sent. */
  Messages said(String... ids) {
    var append = Samples.append(1_000, keep, ids);
    return Samples.told(append, Await.result("append", map.elsewhere().submit(ROOM, append)));
  }

  List<Seen> seen() {
    return lines().stream().map(line -> Seen.of(line.json())).toList();
  }

  List<Line> lines() {
    return published.stream()
        .filter(Messages.class::isInstance)
        .flatMap(event -> ((Messages) event).lines().stream())
        .toList();
  }

  List<Long> positions() {
    return seen().stream().map(Seen::seq).toList();
  }

  static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  Attached attached() {
    return Await.result("attaching", feed.attach());
  }

  RoomState otherHalf(String... ids) {
    var other = Samples.snapshot(map.elsewhere());
    for (var id : ids) {
      other.accept(Samples.draft(id), 2_000);
    }
    return other;
  }

  String unite(RoomState other) {
    return Await.result("uniting", map.elsewhere().submit(ROOM, new Unite(other)))
        .epoch();
  }
}
