package chat.parley.fault;

import chat.parley.testing.Watcher;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Users who come and go at random, with tabs in several rooms and on several nodes, and on each node one who stays in all rooms and looks. Whoever has a socket open in a room
 * is in it: that is the truth all their lists are held against. Confined to the test's thread, but for the list of tabs, which is concurrent.
 */
final class Visitors implements AutoCloseable {
  private static final int USERS = 12;
  private static final String VIEWER = "-viewer";
  private static final List<Deed> DEEDS = List.of(Deed.values());

  /** What one of them may do. */
  enum Deed {
    COME,
    JOIN,
    LEAVE,
    CLOSE,
    RELOAD,
    BREAK_OFF,
    COME_BACK
  }

  private final Vertx vertx;
  private final String name;
  private final List<URI> nodes;
  private final List<String> rooms;
  private final Random random;
  private final List<Watcher> tabs = new CopyOnWriteArrayList<>();
  private final AtomicInteger coming = new AtomicInteger();
  private final Map<Deed, Integer> deeds = new EnumMap<>(Deed.class);

  /** @param name begins the names of users and rooms */
  Visitors(Vertx vertx, String name, List<URI> nodes, int rooms, Random random) {
    this.vertx = vertx;
    this.name = name;
    this.nodes = nodes;
    this.rooms = IntStream.range(0, rooms).mapToObj(i -> name + "-room" + i).toList();
    this.random = random;
  }

  /** One of them does something. */
  void act() {
    // Rather more come than go.
    var deed = random.nextInt(5) == 0 ? Deed.COME : DEEDS.get(random.nextInt(DEEDS.size()));
    var tab = any(deed == Deed.COME_BACK ? one -> !one.isOpen() : Watcher::isOpen);
    if (deed == Deed.COME || tab == null) {
      deed = Deed.COME;
      open(
          "-user" + random.nextInt(USERS),
          anyNode(),
          rooms.subList(0, 1 + random.nextInt(rooms.size())));
    } else {
      act(deed, tab);
    }
    deeds.merge(deed, 1, Integer::sum);
  }

  private void act(Deed deed, Watcher tab) {
    var in = List.copyOf(tab.rooms().keySet());
    switch (deed) {
      case JOIN -> join(tab, rooms.get(random.nextInt(rooms.size())));
      case LEAVE -> in.stream().findAny().ifPresent(room -> tab.leave(room).onFailure(gone -> {}));
      case CLOSE -> end(tab, 1000);
      case BREAK_OFF -> {
        tabs.remove(tab);
        tab.drop();
      }
      case RELOAD, COME_BACK -> {
        end(tab, 1001);
        open(tab.user().substring(name.length()), anyNode(), in);
      }
      case COME -> throw new AssertionError("needs no tab");
    }
  }

  private int anyNode() {
    return random.nextInt(nodes.size());
  }

  private @Nullable Watcher any(Predicate<Watcher> kind) {
    var some =
        tabs.stream().filter(tab -> !tab.user().contains(VIEWER)).filter(kind).toList();
    return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
  }

  /** Whoever finds the node dead stays away. */
  private void open(String user, int node, Collection<String> in) {
    coming.incrementAndGet();
    Watcher.connect(vertx, nodes.get(node), name + user).onComplete(opened -> {
      if (opened.succeeded()) {
        tabs.add(opened.result());
        in.forEach(room -> join(opened.result(), room));
      }
      coming.decrementAndGet();
    });
  }

  private static void join(Watcher tab, String room) {
    tab.join(room).onFailure(gone -> {});
  }

  private void end(Watcher tab, int code) {
    tabs.remove(tab);
    tab.hangUp(code);
  }

  /** Somebody looks on each node, in every room. */
  void look() {
    for (int node = 0; node < nodes.size(); node++) {
      var viewer = VIEWER + node;
      if (tabs.stream().noneMatch(tab -> tab.isOpen() && tab.user().endsWith(viewer))) {
        open(viewer, node, rooms);
      }
    }
  }

  /** Nobody is on the way, and somebody looks on each node. */
  boolean areSettled() {
    return coming.get() == 0
        && IntStream.range(0, nodes.size())
            .allMatch(node -> open().anyMatch(tab -> tab.user().endsWith(VIEWER + node)));
  }

  private Stream<Watcher> open() {
    return tabs.stream().filter(Watcher::isOpen);
  }

  /** What is not as it should be on the lists of those who are there. */
  List<String> wrong() {
    var truth = new HashMap<String, Map<String, String>>();
    open()
        .forEach(tab -> tab.rooms()
            .keySet()
            .forEach(room ->
                truth.computeIfAbsent(room, any -> new TreeMap<>()).put(tab.user(), "online")));
    return open()
        .flatMap(tab -> tab.rooms().entrySet().stream()
            .filter(in -> !in.getValue().users().equals(truth.get(in.getKey()))
                || in.getValue().count() != in.getValue().users().size())
            .map(in -> "%s has in %s %s, not %s"
                .formatted(tab.user(), in.getKey(), in.getValue().users(), truth.get(in.getKey()))))
        .toList();
  }

  /** How many lists there are. */
  int lists() {
    return open().mapToInt(tab -> tab.rooms().size()).sum();
  }

  /** What they did, and how often. */
  Map<Deed, Integer> deeds() {
    return deeds;
  }

  @Override
  public void close() {
    tabs.forEach(tab -> tab.hangUp(1000));
  }
}
