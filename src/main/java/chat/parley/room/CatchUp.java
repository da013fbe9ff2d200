package chat.parley.room;

import chat.parley.cluster.UnavailableException;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.Position;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.Subscriber.Joined;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member's way from its place in the log to what is new. It reads page after page, at the pace of its own connection, and keeps what the room hears while a
 * page is on its way. Page and kept messages leave no hole if the page reaches where the keeping began; where it reaches further than the room has heard, the
 * room's hearing of that is awaited, so that nothing comes twice. Confined to its event loop.
 */
final class CatchUp {
  /** What may be kept during one page; beyond it the member reads one page more. */
  static final int KEPT_BYTES = 256 * 1024;

  static final int PAGE = 200;
  private static final int ATTEMPTS = 20;
  private static final int REASKED = 4;
  private static final Duration RETRY = Duration.ofMillis(100);

  private final LocalRoom local;
  private final String room;
  private final Subscriber member;
  private final LocalRoom.Surroundings around;
  private final Consumer<Joined> welcome;
  private final Promise<Void> admitted = Promise.promise();
  private final List<Messages> kept = new ArrayList<>();
  private int keptBytes;
  /** What is kept begins right after this position. */
  private long keptAfter;
  /** What the member has, once it is admitted. */
  private Position place = new Position("", 0);
  /** Whether only the room's own hearing of {@link #place} is awaited. */
  private boolean ahead;
  /** Counts the steps: an answer to an earlier one is out of date. */
  private int step;

  /** Questions in a row that the log could not answer. */
  private int failures;

  private boolean over;

  /** @param welcome told where the member stands, right before its first frame */
  CatchUp(
      LocalRoom local,
      String room,
      Subscriber member,
      LocalRoom.Surroundings around,
      Consumer<Joined> welcome) {
    this.welcome = welcome;
    this.local = local;
    this.room = room;
    this.member = member;
    this.around = around;
  }

  Future<Void> begin(@Nullable Position since, int last) {
    readFirst(since, last, ATTEMPTS);
    return admitted.future();
  }

  /** Whether the member has been told that it has joined. */
  boolean isAdmitted() {
    return admitted.future().succeeded();
  }

  void stop() {
    finish();
    admitted.tryFail("left before it was in");
  }

  private void finish() {
    over = true;
    step++;
  }

  /** The room has heard these while a page is on its way. */
  void meanwhile(Messages messages) {
    if (over) {
      return;
    }
    if (ahead) {
      if (messages.last() >= place.seq()) {
        goLive(messages.after(place.seq()).lines());
      }
    } else if (keptBytes <= KEPT_BYTES) {
      kept.add(messages);
      messages.lines().forEach(line -> keptBytes += line.json().length);
    }
  }

  /** The room goes on in another numbering, or after a hole: the member gets there from its own place. */
  void renumbered() {
    if (over) {
      return;
    }
    if (admitted.future().isComplete()) {
      resume();
    } else {
      keepAnew();
    }
  }

  private void keepAnew() {
    kept.clear();
    keptBytes = 0;
    keptAfter = local.position();
    ahead = false;
  }

  private void readFirst(@Nullable Position since, int last, int attempts) {
    var wanted = since != null ? Read.resume(since, PAGE) : Read.last(last);
    ask(wanted, cause -> again(since, last, attempts, cause), page -> {
      if (!page.epoch().equals(local.epoch())) {
        awaitRenumbering(since, last, attempts);
      } else if (since != null && !page.continuous() && last > 0) {
        readFirst(null, last, attempts);
      } else {
        begun(page, since != null && page.continuous());
      }
    });
  }

  /** A node that dies leaves questions without a certain answer: they are asked again rather than by the client. */
  private void again(@Nullable Position since, int last, int attempts, Throwable cause) {
    if (UnavailableException.isDoubtful(cause) && failures < REASKED) {
      retry(() -> readFirst(since, last, attempts));
    } else {
      giveUp(cause);
    }
  }

  /** Asks the log, and keeps from now on what the room hears. */
  private void ask(Read wanted, Consumer<Throwable> failed, Consumer<Page> answered) {
    keepAnew();
    int asked = ++step;
    around.read(room, wanted).onComplete(answer -> {
      if (asked != step) {
        return;
      }
      if (answer.succeeded()) {
        failures = 0;
        answered.accept(answer.result());
      } else {
        failed.accept(answer.cause());
      }
    });
  }

  private void retry(Runnable question) {
    later(Backoff.after(failures++, RETRY), question);
  }

  private void later(Runnable task) {
    later(RETRY, task);
  }

  private void later(Duration delay, Runnable task) {
    int now = step;
    around.later(delay, () -> {
      if (now == step) {
        task.run();
      }
    });
  }

  /** The log is ahead of what this loop has heard of it by a numbering: whoever feeds the room has to find out. */
  private void awaitRenumbering(@Nullable Position since, int last, int attempts) {
    if (attempts == 0) {
      giveUp(new UnavailableException(false, "the room is being united", null));
    } else {
      around.check(room);
      later(() -> readFirst(since, last, attempts - 1));
    }
  }

  private void giveUp(Throwable cause) {
    finish();
    local.gaveUp(member);
    admitted.tryFail(cause);
  }

  private void begun(Page page, boolean recovered) {
    int now = step;
    welcome.accept(new Joined(page.epoch(), page.head(), recovered));
    place = new Position(page.epoch(), page.start());
    admitted.complete();
    if (now == step) {
      replay(page);
    }
  }

  private void replay(Page page) {
    int now = step;
    place = new Position(page.epoch(), page.end());
    var missed = new Burst();
    for (var entry : page.entries()) {
      missed.add(new Line(FrameCodec.encode(entry.frame(room, page.epoch())), null));
    }
    missed.deliverTo(List.of(member));
    if (now != step) {
      return; // its connection broke under the replay
    }
    if (page.end() < keptAfter && page.entries().isEmpty()) {
      later(this::readNext); // the log is behind what was heard of it: whoever feeds the room will
      // find out
    } else if (page.end() < Math.max(page.head(), keptAfter) || keptBytes > KEPT_BYTES) {
      member.ready().onSuccess(ready -> {
        if (now == step) {
          readNext();
        }
      });
    } else {
      arrive();
    }
  }

  private void readNext() {
    ask(Read.after(place.seq(), PAGE), cause -> retry(this::readNext), page -> {
      if (!page.epoch().equals(place.epoch())) {
        resume();
      } else {
        proceed(page, page.continuous());
      }
    });
  }

  /** The member's place belongs to another numbering than the room's, or to one that is about to end. */
  private void resume() {
    ask(Read.resume(place, PAGE), cause -> retry(this::resume), page -> {
      if (page.epoch().equals(local.epoch())) {
        proceed(page, page.epoch().equals(place.epoch()) && page.continuous());
      } else {
        around.check(room);
        later(this::resume);
      }
    });
  }

  /** @param seamless whether the page goes on right where the member is, in the same numbering */
  private void proceed(Page page, boolean seamless) {
    int now = step;
    if (!seamless) {
      member.renumbered(room, new Joined(page.epoch(), page.head(), page.continuous()));
    }
    if (now == step) {
      replay(page);
    }
  }

  private void arrive() {
    if (local.position() < place.seq()) {
      ahead = true;
      kept.clear();
      later(this::hurry);
      return;
    }
    var rest = new ArrayList<Line>();
    for (var messages : kept) {
      if (messages.last() > place.seq()) {
        rest.addAll(messages.after(place.seq()).lines());
      }
    }
    goLive(rest);
  }

  /** The room still has not heard what the log has had for a while. */
  private void hurry() {
    if (ahead) {
      around.check(room);
      later(this::hurry);
    }
  }

  private void goLive(List<Line> lines) {
    finish();
    local.live(member);
    if (!lines.isEmpty()) {
      var rest = new Burst();
      lines.forEach(rest::add);
      rest.deliverTo(List.of(member));
    }
  }
}
