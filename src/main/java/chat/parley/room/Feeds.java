package chat.parley.room;

import chat.parley.cluster.UnavailableException;
import chat.parley.room.RoomFeed.Attached;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The feeds of the rooms that are at home on one event loop. Confined to that event loop. */
final class Feeds {
  /** How long a room without members stays watched: a reload must not cost two cluster calls. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  /** How many rooms are compared with their logs by one call. */
  private static final int SLICE = 500;

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration REASK = Duration.ofMillis(100);
  private static final int REASKED = 4;

  private final RoomFeed.Surroundings around;
  private final Map<String, RoomFeed> feeds = new HashMap<>();
  private final Map<String, Future<Head>> leaving = new HashMap<>();
  private List<String> slice = List.of();
  /** A later comparison of all rooms takes the place of one that is still under way. */
  private int rounds;

  private Companion companion = Companion.NONE;

  Feeds(RoomFeed.Surroundings around) {
    this.around = around;
  }

  /** From now on it comes and goes with the feeds. */
  void accompany(Companion by) {
    companion = by;
  }

  /** One more event loop has members in the room. Fails with UnavailableException. */
  Future<Attached> attach(String room) {
    return attach(room, 0);
  }

  private Future<Attached> attach(String room, int failures) {
    return attachOnce(room)
        .recover(cause -> UnavailableException.isDoubtful(cause) && failures < REASKED
            ? attachAgain(room, failures)
            : Future.failedFuture(cause));
  }

  /** A node that dies leaves questions without a certain answer: they are asked again rather than by the client. */
  private Future<Attached> attachAgain(String room, int failures) {
    Promise<Attached> attached = Promise.promise();
    around.later(
        Backoff.after(failures, REASK), () -> attach(room, failures + 1).onComplete(attached));
    return attached.future();
  }

  private Future<Attached> attachOnce(String room) {
    var before = leaving.get(room);
    if (before != null) {
      // Leaving and joining again must reach the log in that order.
      return before.transform(left -> attachOnce(room));
    }
    var feed = feeds.computeIfAbsent(room, name -> new RoomFeed(name, around));
    // Asked first: both answers come from the same partition, so this one is mostly there in time.
    var beside = companion.attach(room);
    return feed.attach()
        .compose(at -> beside.isComplete()
            ? Future.succeededFuture(at)
            : beside.transform(done -> Future.succeededFuture(feed.standing())))
        .onFailure(cause -> forget(room, feed));
  }

  private void forget(String room, RoomFeed feed) {
    if (feeds.remove(room, feed)) {
      companion.detach(room);
    }
  }

  void detach(String room) {
    var feed = feeds.get(room);
    if (feed != null) {
      feed.detach();
      if (feed.unused()) {
        around.later(LINGER, () -> close(room, feed));
      }
    }
  }

  private void close(String room, RoomFeed feed) {
    if (feed.unused() && feeds.remove(room, feed)) {
      feed.close();
      companion.detach(room);
      leave(room);
    }
  }

  private void leave(String room) {
    var left = around.log().unwatch(room, around.nodeId());
    if (!left.isComplete()) {
      leaving.put(room, left);
      left.onComplete(done -> leaving.remove(room));
    }
  }

  /**
   * Somebody sends us what we have no members for: our leaving and their sending crossed, or the room has not heard of our leaving. Said once
   * more, it costs little.
   */
  void stray(String room) {
    if (!leaving.containsKey(room)) {
      leave(room);
    }
  }

  @Nullable
  RoomFeed get(String room) {
    return feeds.get(room);
  }

  int size() {
    return feeds.size();
  }

  /** Compares some of the rooms with their logs; call by call all of them get their turn. */
  void compareSome() {
    if (slice.isEmpty()) {
      slice = new ArrayList<>(feeds.keySet());
    }
    int n = Math.min(SLICE, slice.size());
    compare(slice.subList(0, n));
    slice = slice.subList(n, slice.size());
  }

  /** Compares all rooms with their logs, slice after slice: something happened to the cluster. */
  void compareAll() {
    rounds++;
    compareFrom(new ArrayList<>(feeds.keySet()), 0, rounds, 0);
  }

  private void compareFrom(List<String> rooms, int from, int round, int failures) {
    if (from < rooms.size() && round == rounds) {
      int to = Math.min(rooms.size(), from + SLICE);
      compare(rooms.subList(from, to)).onComplete(done -> {
        if (done.succeeded()) {
          compareFrom(rooms, to, round, 0);
        } else {
          around.later(
              Backoff.after(failures, RETRY), () -> compareFrom(rooms, from, round, failures + 1));
        }
      });
    }
  }

  private Future<Void> compare(List<String> rooms) {
    if (rooms.isEmpty()) {
      return Future.succeededFuture();
    }
    return around
        .log()
        .look(rooms)
        .onSuccess(heads -> {
          for (var room : rooms) {
            var feed = feeds.get(room);
            if (feed != null && feed.live()) {
              feed.compare(heads.getOrDefault(room, Head.ABSENT));
            }
          }
        })
        .mapEmpty();
  }
}
