package chat.parley.fault;

import static java.util.Objects.requireNonNull;

import chat.parley.protocol.Position;
import chat.parley.testing.Answer;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Checker;
import chat.parley.testing.Entry;
import chat.parley.testing.FaultClient;
import chat.parley.testing.Journal;
import chat.parley.testing.Outage;
import chat.parley.testing.Outages;
import chat.parley.testing.Patience;
import chat.parley.testing.Tokens;
import chat.parley.testing.Verdict;
import chat.parley.testing.Violation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Clients, all of them members of all rooms, that talk while the nodes have their trouble; and what they saw of it. Confined
 * to the test's thread.
 */
final class Crowd implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(20);

  private final Vertx vertx;
  private final String name;
  private final Random random;
  private final List<String> rooms;
  private final List<FaultClient> clients = new ArrayList<>();
  private final List<Journal> readers = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> refusals = new ConcurrentLinkedQueue<>();
  private long talking = -1;
  private long began;
  private int said;

  /** @param name begins the names of users and rooms: crowds of different names don't meet */
  Crowd(Vertx vertx, String name, int rooms, Random random) {
    this.vertx = vertx;
    this.name = name;
    this.random = new Random(random.nextLong());
    this.rooms = IntStream.range(0, rooms).mapToObj(i -> name + "-room" + i).toList();
  }

  /** So many more clients, each of which may go to any of these nodes. */
  Crowd add(int count, List<URI> nodes) {
    return add(count, nodes, Patience.ofTests());
  }

  Crowd add(int count, List<URI> nodes, Patience patience) {
    var joins = new ArrayList<Future<JsonObject>>();
    for (var i = 0; i < count; i++) {
      var user = name + "-user" + clients.size();
      var client =
          FaultClient.start(vertx, user, () -> Tokens.of(user), nodes, patience, random.nextLong());
      clients.add(client);
      rooms.forEach(room -> joins.add(client.join(room)));
    }
    try {
      Await.result("everybody is in all rooms", Future.all(joins), Duration.ofSeconds(30));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + joined(), e);
    }
    return this;
  }

  private String joined() {
    var report = new StringBuilder();
    for (var client : clients) {
      var entries = client.journal().entries();
      var in = client.journal().entries(Entry.Joined.class).size();
      report.append("\n  ").append(client.journal().client()).append(" joined ").append(in);
      entries.stream()
          .filter(entry -> !(entry instanceof Entry.Joined))
          .limit(6)
          .forEach(entry -> report.append("\n    ").append(entry));
    }
    return report.toString();
  }

  /** Starts to publish, so many messages a second, who and where drawn from the seed. */
  Crowd talk(int perSecond) {
    var each = Math.max(1, perSecond * TICK.toMillis() / 1_000);
    began = System.nanoTime();
    talking = vertx.setPeriodic(TICK.toMillis(), tick -> {
      for (var i = 0; i < each; i++) {
        say();
      }
    });
    return this;
  }

  private void say() {
    var client = clients.get(random.nextInt(clients.size()));
    var room = rooms.get(random.nextInt(rooms.size()));
    var id = "m" + said++;
    client.publish(room, id, JsonObject.of("n", said)).onFailure(refusals::add);
  }

  FaultClient client(int i) {
    return clients.get(i);
  }

  List<String> rooms() {
    return rooms;
  }

  List<Journal> journals() {
    return Stream.concat(clients.stream().map(FaultClient::journal), readers.stream())
        .toList();
  }

  /** What became of every publish so far. */
  List<Answer> answers() {
    return clients.stream()
        .flatMap(client -> Answer.of(client.journal()).stream())
        .toList();
  }

  /** When its clients were cut off, and until when. */
  List<Outage> outages() {
    return journals().stream().flatMap(journal -> Outages.of(journal).stream()).toList();
  }

  /** Publishes a second since it began to talk; repeats don't count. */
  long rate() {
    return answers().size() * 1_000_000_000L / Math.max(1, System.nanoTime() - began);
  }

  /** The nodes that its clients are connected to, by the names that these gave themselves. */
  Set<String> places() {
    return clients.stream()
        .map(client -> client.journal().entries(Entry.Connected.class).getLast().node())
        .collect(Collectors.toSet());
  }

  /** Stops talking. */
  void hush() {
    vertx.cancelTimer(talking);
  }

  /**
   * Stops talking and waits until every publish is acked and everybody stands at the end of every room, as the node at this
   * address knows it; then reads all rooms there.
   *
   * @return how long that took
   */
  Duration settle(URI node, Duration limit) {
    hush();
    var began = System.nanoTime();
    var reader = ChatClient.connect(vertx, node, Tokens.of(name + "-reader"));
    Await.until("every publish is acked", limit, () -> waiting() == 0);
    rooms.forEach(reader::join);
    var left = limit.minusNanos(System.nanoTime() - began).plusSeconds(1);
    try {
      Await.until(
          "everybody is at the end of every room", left, () -> behind(reader).isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; behind: " + behind(reader), e);
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    rooms.forEach(reader::readAll);
    reader.close();
    readers.add(reader.journal());
    return took;
  }

  private int waiting() {
    return clients.stream()
        .mapToInt(client -> Await.result("waiting", client.waiting()))
        .sum();
  }

  /** Who is not at the end of which room. */
  private List<String> behind(ChatClient reader) {
    var heads = heads(reader);
    var behind = new ArrayList<String>();
    for (var client : clients) {
      var positions = Await.result("positions", client.positions());
      heads.forEach((room, head) -> {
        var position = positions.get(room);
        if (!Objects.equals(position, head)) {
          behind.add(client.journal().client() + " in " + room + " " + position + " of " + head);
        }
      });
    }
    return behind;
  }

  private Map<String, Position> heads(ChatClient reader) {
    var heads = new HashMap<String, Position>();
    for (var room : rooms) {
      var asked = JsonObject.of("type", "history", "room", room, "limit", 1);
      var page = Await.result("the head of " + room, reader.request(asked));
      var last = page.getJsonArray("messages");
      if (!last.isEmpty()) {
        var seq = requireNonNull(last.getJsonObject(0)).getLong("seq");
        heads.put(room, new Position(page.getString("epoch"), seq));
      }
    }
    return heads;
  }

  /** What the checker says of all journals; a publish refused for good is an {@link AssertionError}. */
  Verdict judge(Checker checker) {
    if (!refusals.isEmpty()) {
      throw new AssertionError(
          refusals.size() + " publishes were refused for good", refusals.peek());
    }
    var verdict = checker.check(journals());
    keep(verdict);
    return verdict;
  }

  /** The journals of those who saw something wrong stay in {@code target/logs/journals}. */
  private void keep(Verdict verdict) {
    var wronged = verdict.violations().stream().map(Violation::client).toList();
    var directory = Path.of("target", "logs", "journals");
    try {
      Files.createDirectories(directory);
      for (var journal : journals()) {
        if (wronged.contains(journal.client())) {
          var lines = journal.entries().stream().map(Entry::toString).toList();
          Files.write(directory.resolve(journal.client() + ".txt"), lines);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everybody leaves; once more does no harm. */
  @Override
  public void close() {
    hush();
    var stops = clients.stream().map(client -> client.stop().otherwiseEmpty()).toList();
    Await.result("everybody leaves", Future.all(stops));
  }
}
