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
 * page is on its way: the log's answer is at least as new as what was heard before the question, so page and kept messages leave no hole. Confined to its event loop.
 */
final class CatchUp {
  /** What may be kept during one page; beyond it the member reads one page more. */
  private static final int KEPT_BYTES = 256 * 1024;

  private static final int PAGE = 200;
  private static final int ATTEMPTS = 20;
  private static final Duration RETRY = Duration.ofMillis(100);

  private final LocalRoom local;
  private final String room;
  private final Subscriber member;
  private final LocalRoom.Surroundings around;
  private final Consumer<Joined> welcome;
  private final Promise<Void> admitted = Promise.promise();
  private final List<Messages> kept = new ArrayList<>();
  private int keptBytes;
  private boolean stopped;

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

  void stop() {
    stopped = true;
    admitted.tryFail("left before it was in");
  }

  /** The room has heard these while a page is on its way. */
  void meanwhile(Messages messages) {
    if (keptBytes <= KEPT_BYTES) {
      kept.add(messages);
      messages.lines().forEach(line -> keptBytes += line.json().length);
    }
  }

  /** The room goes on in another numbering, after a position that the event's own messages follow. */
  void renumbered(Joined event) {
    keepAnew();
    if (admitted.future().isComplete()) {
      stopped = true;
      local.live(member);
      member.renumbered(room, event);
    }
  }

  private void keepAnew() {
    kept.clear();
    keptBytes = 0;
  }

  private void readFirst(@Nullable Position since, int last, int attempts) {
    keepAnew();
    var wanted = since != null ? Read.resume(since, PAGE) : Read.last(last);
    around.read(room, wanted).onComplete(answer -> {
      if (stopped) {
        return;
      }
      if (answer.failed()) {
        giveUp(answer.cause());
      } else if (!answer.result().epoch().equals(local.epoch())) {
        awaitRenumbering(since, last, attempts);
      } else if (since != null && !answer.result().continuous() && last > 0) {
        readFirst(null, last, attempts);
      } else {
        begun(answer.result(), since != null && answer.result().continuous());
      }
    });
  }

  /** The log is ahead of what this loop has heard of it by a numbering: whoever feeds the room has to find out. */
  private void awaitRenumbering(@Nullable Position since, int last, int attempts) {
    if (attempts == 0) {
      giveUp(new UnavailableException(false, "the room is being united", null));
      return;
    }
    around.check(room);
    around.later(RETRY, () -> {
      if (!stopped) {
        readFirst(since, last, attempts - 1);
      }
    });
  }

  private void giveUp(Throwable cause) {
    stopped = true;
    local.gaveUp(member);
    admitted.tryFail(cause);
  }

  private void begun(Page page, boolean recovered) {
    welcome.accept(new Joined(page.epoch(), page.head(), recovered));
    admitted.complete();
    if (!stopped) {
      replay(page);
    }
  }

  private void replay(Page page) {
    var missed = new Burst();
    for (var entry : page.entries()) {
      missed.add(new Line(FrameCodec.encode(entry.frame(room, page.epoch())), null));
    }
    missed.deliverTo(List.of(member));
    long end = page.end();
    if (stopped) {
      return; // its connection broke under the replay
    }
    if (end < page.head() || keptBytes > KEPT_BYTES) {
      member.ready().onSuccess(ready -> readNext(end));
    } else {
      goLive(end);
    }
  }

  private void readNext(long from) {
    if (stopped) {
      return;
    }
    keepAnew();
    around.read(room, Read.after(from, PAGE)).onComplete(answer -> {
      if (stopped) {
        return;
      }
      if (answer.failed()) {
        around.later(RETRY, () -> readNext(from));
      } else if (!answer.result().epoch().equals(local.epoch())) {
        around.check(room);
        around.later(RETRY, () -> readNext(from));
      } else {
        if (!answer.result().continuous()) {
          // Trimmed faster than this member reads.
          member.renumbered(
              room, new Joined(answer.result().epoch(), answer.result().head(), false));
        }
        replay(answer.result());
      }
    });
  }

  private void goLive(long end) {
    var rest = new Burst();
    for (var messages : kept) {
      if (messages.last() > end) {
        messages.after(end).lines().forEach(rest::add);
      }
    }
    stopped = true;
    local.live(member);
    if (!rest.isEmpty()) {
      rest.deliverTo(List.of(member));
    }
  }
}
