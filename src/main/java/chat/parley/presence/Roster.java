package chat.parley.presence;

import chat.parley.protocol.ServerFrame;
import chat.parley.protocol.ServerFrame.Arrival;
import chat.parley.protocol.ServerFrame.Change;
import chat.parley.protocol.ServerFrame.Changes;
import chat.parley.protocol.UserState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node's own copy of a room's seats, and what its members see of it: users, each with all their sessions, and none of a node that is gone. Keeps
 * note of what changed for them. Thread-safe for {@link #count} and {@link #has}, otherwise confined to the room's home loop.
 */
final class Roster {
  private static final Comparator<Seat> OLDEST =
      Comparator.comparingLong(Seat::since).thenComparing(Seat::session);

  private final Function<String, Standing> standing;
  private final Seating seating = new Seating();
  private final ConcurrentSkipListMap<String, Person> people = new ConcurrentSkipListMap<>();
  /** How those whom something happened to were shown before. */
  private final Map<String, Optional<ServerFrame.User>> before = new LinkedHashMap<>();

  private final AtomicInteger count = new AtomicInteger();

  /** A user's seats, and how the user is shown; not at all if null. */
  private static final class Person {
    final List<Seat> seats = new ArrayList<>(1);
    volatile ServerFrame.@Nullable User shown;
  }

  Roster(Function<String, Standing> standing) {
    this.standing = standing;
  }

  Seating seating() {
    return seating;
  }

  void put(Seat seat) {
    var old = seating.put(seat);
    if (!seat.equals(old)) {
      if (old != null) {
        unseat(old);
      }
      people.computeIfAbsent(seat.user(), user -> new Person()).seats.add(seat);
      look(seat.user());
    }
  }

  void remove(String session) {
    var old = seating.remove(session);
    if (old != null) {
      unseat(old);
      look(old.user());
    }
  }

  private void unseat(Seat seat) {
    var person = people.get(seat.user());
    if (person != null) {
      person.seats.removeIf(one -> one.session().equals(seat.session()));
    }
  }

  /** These are all seats there are. */
  void replace(List<Seat> all) {
    var now = new Seating();
    all.forEach(now::put);
    seating.of(any -> true).stream()
        .map(Seat::session)
        .filter(session -> now.get(session) == null)
        .forEach(this::remove);
    all.forEach(this::put);
  }

  /** Those nodes came or went: their users are looked at again. The seats of those that are gone are let go if asked. */
  void standingsChanged(Set<String> nodes, boolean clear) {
    for (var seat : seating.of(nodes::contains)) {
      if (clear && standing.apply(seat.node()) == Standing.GONE) {
        remove(seat.session());
      } else {
        look(seat.user());
      }
    }
  }

  private void look(String user) {
    var person = people.get(user);
    if (person == null) {
      return;
    }
    var was = person.shown;
    var is = shown(user, person.seats);
    if (!Objects.equals(was, is)) {
      before.putIfAbsent(user, Optional.ofNullable(was));
      person.shown = is;
      count.addAndGet((is == null ? 0 : 1) - (was == null ? 0 : 1));
    }
    if (person.seats.isEmpty()) {
      people.remove(user);
    }
  }

  private ServerFrame.@Nullable User shown(String user, List<Seat> seats) {
    var visible = seats.stream()
        .filter(seat -> standing.apply(seat.node()) != Standing.GONE)
        .sorted(OLDEST)
        .toList();
    if (visible.isEmpty()) {
      return null;
    }
    var first = visible.getFirst();
    int online = (int) visible.stream()
        .filter(seat -> seat.isOnline() && standing.apply(seat.node()) == Standing.ALIVE)
        .count();
    var state = online > 0 ? UserState.ONLINE : UserState.RECONNECTING;
    return new ServerFrame.User(user, first.name(), online, first.since(), state);
  }

  /** How many users there are. */
  int count() {
    return count.get();
  }

  boolean has(String user) {
    return user(user) != null;
  }

  ServerFrame.@Nullable User user(String user) {
    var person = people.get(user);
    return person == null ? null : person.shown;
  }

  /** The first users by name, or the first after one. */
  List<ServerFrame.User> users(@Nullable String after, int limit) {
    var from = after == null ? people : people.tailMap(after, false);
    return from.values().stream()
        .map(person -> person.shown)
        .filter(Objects::nonNull)
        .limit(limit)
        .toList();
  }

  boolean hasChanges() {
    return !before.isEmpty();
  }

  /** What changed for members since the last time; who came and left meanwhile is not in it. */
  Changes takeChanges() {
    var joined = new ArrayList<Arrival>();
    var left = new ArrayList<String>();
    var changed = new ArrayList<Change>();
    before.forEach((user, earlier) -> {
      var was = earlier.orElse(null);
      var is = user(user);
      if (is == null) {
        if (was != null) {
          left.add(user);
        }
      } else if (was == null) {
        joined.add(new Arrival(user, is.name()));
        if (is.state() != UserState.ONLINE) {
          changed.add(new Change(user, is.name(), is.state()));
        }
      } else if (was.state() != is.state() || !Objects.equals(was.name(), is.name())) {
        changed.add(new Change(user, is.name(), is.state()));
      }
    });
    before.clear();
    return new Changes(joined, left, changed);
  }
}
