package chat.parley.fault;

import chat.parley.protocol.Position;
import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Entry;
import chat.parley.testing.FaultClient;
import chat.parley.testing.Journal;
import chat.parley.testing.Patience;
import chat.parley.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Very many clients, each in one room of some twenty, and all rooms talking evenly; and what they saw. Confined to the test's thread. */
final class Town implements AutoCloseable {
  private static final int AT_ONCE = 100;
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Patience PATIENCE =
      new Patience(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(10));

  private final Vertx vertx;
  private final int rooms;
  private final List<FaultClient> clients = new ArrayList<>();
  private final List<Journal> readers = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> refusals = new ConcurrentLinkedQueue<>();
  private long talking = -1;
  private long began;
  private long hushed;
  private int said;

  Town(Vertx vertx, int rooms) {
    this.vertx = vertx;
    this.rooms = rooms;
  }

  /** They come some at a time, to the addresses that the service has then. */
  void populate(int count, List<URI> service, Random random) {
    while (clients.size() < count) {
      var joins = new ArrayList<Future<JsonObject>>();
      for (int i = 0; i < AT_ONCE && clients.size() < count; i++) {
        var user = "user" + clients.size();
        var client = FaultClient.start(
            vertx, user, () -> Tokens.of(user), service, PATIENCE, random.nextLong());
        joins.add(client.join(room(clients.size())));
        clients.add(client);
      }
      Await.result("they are in their rooms", Future.all(joins), Duration.ofSeconds(60));
    }
  }

  private String room(int client) {
    return "room" + client % rooms;
  }

  /** Each room in its turn, by each of its members in their turn. */
  void talk(int perSecond) {
    began = System.nanoTime();
    talking = vertx.setPeriodic(TICK.toMillis(), tick -> {
      long due = (System.nanoTime() - began) * perSecond / 1_000_000_000L;
      // A stall is not made up for all at once: that would be another load than the one told of.
      for (int i = 0; said < due && i < 2L * perSecond * TICK.toMillis() / 1_000; i++) {
        int speaker = said % clients.size();
        clients
            .get(speaker)
            .publish(room(speaker), "m" + said++, JsonObject.of("n", said))
            .onFailure(refusals::add);
      }
    });
  }

  /** Falls silent, and waits until every publish is acked and everybody stands where the others of the room do; then reads all rooms at that node. */
  void settle(URI node, Duration limit) {
    vertx.cancelTimer(talking);
    hushed = System.nanoTime();
    Await.until("every publish is acked", limit, () -> sum(FaultClient::waiting) == 0);
    Await.until("everybody is where the others are", limit, this::agree);
    var reader = ChatClient.connect(vertx, node, Tokens.of("reader"));
    for (int room = 0; room < rooms; room++) {
      reader.join(room(room));
      reader.readAll(room(room));
    }
    reader.close();
    readers.add(reader.journal());
    if (!refusals.isEmpty()) {
      throw new AssertionError(refusals.size() + " publishes refused for good", refusals.peek());
    }
  }

  private int sum(java.util.function.Function<FaultClient, Future<Integer>> question) {
    return clients.stream()
        .mapToInt(client -> Await.result("an answer", question.apply(client)))
        .sum();
  }

  private boolean agree() {
    var places = new ArrayList<Set<@Nullable Position>>();
    for (int room = 0; room < rooms; room++) {
      places.add(new HashSet<>());
    }
    for (int i = 0; i < clients.size(); i++) {
      places.get(i % rooms).add(Await.result("a position", clients.get(i).position(room(i))));
    }
    return places.stream().allMatch(place -> place.size() == 1);
  }

  List<Journal> journals() {
    return Stream.concat(clients.stream().map(FaultClient::journal), readers.stream())
        .toList();
  }

  private <E extends Entry> Stream<E> all(Class<E> kind) {
    return clients.stream().flatMap(client -> client.journal().entries(kind).stream());
  }

  /** What became of every publish. */
  List<Answer> answers() {
    return clients.stream()
        .flatMap(client -> Answer.of(client.journal()).stream())
        .toList();
  }

  /** Publishes a second. */
  double rate() {
    return said * 1e9 / (hushed - began);
  }

  /** Users that others were told have left. */
  int departures() {
    return all(Entry.Departed.class).mapToInt(Entry.Departed::users).sum();
  }

  /** When clients came back, in order. */
  long[] returns() {
    return all(Entry.Connected.class)
        .mapToLong(Entry.Connected::at)
        .filter(at -> at > began)
        .sorted()
        .toArray();
  }

  /** The most clients that came back within any one second. */
  int peak() {
    var times = returns();
    int most = 0;
    for (int from = 0, to = 0; to < times.length; to++) {
      while (times[to] - times[from] >= 1_000_000_000L) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  /** The longest that any client heard nothing while its room talked. */
  Duration silence() {
    return clients.stream().map(this::silence).max(Duration::compareTo).orElseThrow();
  }

  private Duration silence(FaultClient client) {
    var heard = client.journal().entries(Entry.Received.class).stream()
        .mapToLong(Entry.Received::at)
        .filter(at -> at > began && at < hushed);
    var times = LongStream.concat(heard, LongStream.of(hushed)).toArray();
    long longest = times[0] - began;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return Duration.ofNanos(longest);
  }

  @Override
  public void close() {
    vertx.cancelTimer(talking);
    var stops = clients.stream().map(client -> client.stop().otherwiseEmpty()).toList();
    Await.result("everybody leaves", Future.all(stops), Duration.ofSeconds(30));
  }
}
