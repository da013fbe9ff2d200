package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.protocol.Position;
import chat.parley.room.FaultyMap.Fault;
import chat.parley.room.Subscriber.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members come and go at any moment, pages and events come late: each member sees all that follows its place, once. */
class MembersAtRandomTest {
  private final Lobby lobby = new Lobby("a", "b", "c");
  private final List<Guest> guests = new ArrayList<>();
  private int said;

  /** A member, and what was in the log before its place. */
  private static final class Guest {
    final Member member = new Member();
    final Set<String> before = new HashSet<>();
  }

  static List<Long> seeds() {
    return new Random(20_261_122).longs(60).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everybody_sees_all_that_follows_once(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      step(random, random.nextInt(22));
    }
    lobby.map.release();
    guests.forEach(guest -> guest.member.unclog());
    lobby.hearAll();
    lobby.time.pass(Duration.ofSeconds(10));
    lobby.said("last").hearAll();
    lobby.time.pass(Duration.ofSeconds(10));

    var log = Samples.ids(Samples.snapshot(lobby.map.elsewhere()));
    for (var guest : guests) {
      var missing = new ArrayList<>(log);
      missing.removeAll(guest.before);
      missing.removeAll(guest.member.ids());
      assertThat(missing).as("seed %d, told %s", seed, guest.member.told).isEmpty();
      assertThat(guest.member.ids()).as("seed %d", seed).endsWith("last");
      assertThat(guest.member.told.stream().skip(1)).allMatch(Joined::recovered);
    }
    assertThat(lobby.time.planned()).as("seed %d: at rest", seed).isZero();
  }

  private void step(Random random, int what) {
    switch (what) {
      case 0, 1, 2, 3 -> lobby.said("m" + said++, "m" + said++);
      case 4, 5, 6, 7 -> lobby.hear();
      case 8, 9 -> lobby.endTurn();
      case 10, 11 -> come(random);
      case 12 -> go(random);
      case 13 -> lobby.map.hold();
      case 14, 15 -> lobby.map.release();
      case 16 -> lobby.time.pass(Duration.ofMillis(random.nextInt(300)));
      case 17 -> one(random).forEach(guest -> guest.member.clog());
      case 18, 19 -> one(random).forEach(guest -> guest.member.unclog());
      case 20 -> lobby.map.then(Fault.LOST);
      default -> {
        if (random.nextInt(6) == 0) {
          lobby.united("x" + said++);
        }
      }
    }
  }

  private List<Guest> one(Random random) {
    return guests.isEmpty() ? List.of() : List.of(guests.get(random.nextInt(guests.size())));
  }

  private void come(Random random) {
    var guest = new Guest();
    var room = Samples.snapshot(lobby.map.elsewhere());
    guests.add(guest);
    if (random.nextBoolean()) {
      long seq = random.nextLong(room.head() + 1);
      guest.before.addAll(upTo(room, seq));
      var since = new Position(room.epoch(), seq);
      guest.member.from(since);
      join(guest, since, 0);
    } else {
      join(guest, null, random.nextInt(5));
    }
  }

  private void join(Guest guest, @org.jspecify.annotations.Nullable Position since, int last) {
    lobby
        .here
        .join(guest.member, since, last, joined -> {
          guest.member.welcome(joined);
          if (!joined.recovered()) {
            guest.before.addAll(upTo(Samples.snapshot(lobby.map.elsewhere()), joined.seq()));
          }
        })
        .onFailure(cause -> guests.remove(guest));
  }

  private static List<String> upTo(RoomState room, long seq) {
    return Samples.ids(room).subList(0, (int) seq);
  }

  private void go(Random random) {
    for (var guest : one(random)) {
      guests.remove(guest);
      lobby.here.leave(guest.member);
    }
  }
}
