package chat.parley.room;

import chat.parley.protocol.Position;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Renumbered;
import chat.parley.room.Subscriber.Joined;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this node has heard of one room, made gap-free and ordered before anybody here sees it. The log is the truth and the bus only its messenger: a hole,
 * or a head that is ahead, makes the feed read the log. Lives on the room's home loop, one per node and room, while any event loop of the node
 * has members in the room. Confined to its event loop.
 */
final class RoomFeed {
  /** How long a batch that came too early waits for the one before it: two nodes' batches may arrive swapped. */
  static final Duration PATIENCE = Duration.ofMillis(30);

  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int UNION_CHECKS = 30;

  /** How often a hole that the log has already forgotten is looked at again: what fills it may be under way, merely late. */
  private static final int LATE_LOOKS = 15;

  /** After this time without news such a hole is told to the members. */
  static final Duration LATE = RETRY.multipliedBy(LATE_LOOKS);

  private static final int HELD_BATCHES = 64;
  private static final int PAGE = 500;

  /** What a feed needs of its surroundings. */
  interface Surroundings {
    RoomLog log();

    String nodeId();

    /** Hands the event to the loops with members in the room, in order. */
    void publish(String room, RoomEvent event);

    void later(Duration delay, Runnable task);

    /** The member here that is to be spared this message of its own, or null. */
    @Nullable
    Subscriber spared(String room, MessageKey message);

    void repaired(int messages);
  }

  /** Where the feed stands when somebody attaches: everything after it will be published. */
  record Attached(String epoch, long position) {}

  private final String room;
  private final Surroundings around;
  private final TreeMap<Long, Messages> held = new TreeMap<>();
  private @Nullable Promise<Attached> attaching;
  private String epoch = "";
  private long delivered;
  /** The newest position that is known to exist. */
  private long known;

  private boolean live;
  private boolean closed;
  private boolean checking;
  /** Something came up while an answer that may be older than it was on its way. */
  private boolean checkAgain;

  private int unionChecks;

  private boolean repairing;
  private boolean repairPlanned;
  private int lateLooks;
  /** Questions in a row that the log could not answer. */
  private int failures;

  private int loops;

  RoomFeed(String room, Surroundings around) {
    this.room = room;
    this.around = around;
  }

  /** One more event loop has members here. */
  Future<Attached> attach() {
    loops++;
    if (live) {
      return Future.succeededFuture(standing());
    }
    var waiting = attaching;
    if (waiting == null) {
      waiting = Promise.promise();
      attaching = waiting;
      watch(waiting);
    }
    return waiting.future();
  }

  /** Where it stands now. */
  Attached standing() {
    return new Attached(epoch, delivered);
  }

  /** One event loop fewer. */
  void detach() {
    loops--;
  }

  boolean unused() {
    return loops == 0;
  }

  boolean live() {
    return live;
  }

  /** Whether everything up to there has been published here, or the numbering is another one now. */
  boolean reached(String numbering, long seq) {
    return !numbering.equals(epoch) || delivered >= seq;
  }

  /** Nobody here is in the room any more. What is still under way comes to nothing: above all, the room is not watched again. */
  void close() {
    closed = true;
    live = false;
    held.clear();
  }

  private void watch(Promise<Attached> waiting) {
    around.log().watch(room, around.nodeId()).onComplete(answer -> {
      attaching = null;
      if (answer.failed()) {
        loops = 0;
        waiting.fail(answer.cause());
        return;
      }
      epoch = answer.result().epoch();
      delivered = answer.result().seq();
      live = true;
      waiting.complete(standing());
      drain();
      checkIfAsked();
    });
  }

  /** Messages that stand in the log, from this node or another, in whatever order they come. */
  void arrived(Messages messages) {
    if (live && !messages.epoch().equals(epoch)) {
      check();
    } else if (!live || messages.first() > delivered + 1) {
      hold(messages);
    } else if (messages.last() > delivered) {
      deliver(messages);
      drain();
    }
  }

  void signalled(RoomEvent.Signals signals) {
    if (live) {
      around.publish(room, signals);
    }
  }

  /** Compares with the log, and catches up if that is ahead or numbered anew. Makes sure that the room's audience names this node. */
  void check() {
    if (checking || repairing) {
      checkAgain = true;
    } else if (live) {
      checking = true;
      askHead();
    }
  }

  private void askHead() {
    if (closed) {
      return;
    }
    around.log().watch(room, around.nodeId()).onComplete(answer -> {
      if (answer.failed()) {
        retry(this::askHead);
      } else {
        failures = 0;
        checking = false;
        compare(answer.result());
        checkIfAsked();
      }
    });
  }

  private void retry(Runnable question) {
    around.later(Backoff.after(failures++, RETRY), question);
  }

  private void checkIfAsked() {
    if (checkAgain && !checking && !repairing) {
      checkAgain = false;
      check();
    }
  }

  /** Compares with a head that was read from the log. */
  void compare(Head head) {
    if (!live || unused()) {
      return;
    }
    if (!head.hears(around.nodeId())) {
      check();
    } else if (!head.epoch().equals(epoch) || head.seq() < delivered) {
      renumber();
    } else {
      expect(head.seq());
    }
  }

  private void expect(long seq) {
    known = Math.max(known, seq);
    if (known > delivered && !repairPlanned && !repairing) {
      repairPlanned = true;
      long before = delivered;
      around.later(PATIENCE, () -> {
        repairPlanned = false;
        if (known > delivered && delivered == before) {
          repair();
        } else {
          expect(known);
        }
      });
    }
  }

  private void hold(Messages messages) {
    held.merge(
        messages.first(),
        messages,
        (one, other) -> one.lines().size() >= other.lines().size() ? one : other);
    if (held.size() > HELD_BATCHES) {
      held.pollLastEntry();
      checkAgain |= !live; // a live feed expects what it has dropped
    }
    if (live) {
      expect(messages.last());
    }
  }

  private void deliver(Messages messages) {
    var fresh = messages.after(delivered);
    delivered = fresh.last();
    lateLooks = 0;
    around.publish(room, fresh);
  }

  private void drain() {
    while (!held.isEmpty() && live) {
      var next = held.firstEntry().getValue();
      if (next.epoch().equals(epoch) && next.first() > delivered + 1) {
        expect(next.last());
        return;
      }
      held.pollFirstEntry();
      if (!next.epoch().equals(epoch)) {
        check();
      } else if (next.last() > delivered) {
        deliver(next);
      }
    }
  }

  private void repair() {
    if (!repairing) {
      repairing = true;
      readOn();
    }
  }

  private void readOn() {
    if (closed) {
      return;
    }
    var asked = epoch;
    long wanted = known;
    around.log().read(room, Read.after(delivered, PAGE)).onComplete(answer -> {
      if (closed) {
        return;
      }
      if (answer.failed()) {
        retry(this::readOn);
        return;
      }
      failures = 0;
      if (!answer.result().epoch().equals(asked)) {
        repairing = false;
        renumber();
      } else if (!answer.result().continuous()) {
        awaitLate();
      } else {
        if (known == wanted) {
          // Nothing was heard since the question, so the log alone says what there is.
          known = answer.result().head();
          held.keySet().removeIf(first -> first > known);
        }
        repaired(answer.result());
      }
    });
  }

  /** In a room that says more in a moment than it keeps, the log can't help: only when nothing comes for long is it a hole to be told of. */
  private void awaitLate() {
    if (lateLooks < LATE_LOOKS) {
      lateLooks++;
      around.later(RETRY, this::readOn);
    } else {
      lateLooks = 0;
      repairing = false;
      renumber();
    }
  }

  private void repaired(Page page) {
    if (page.epoch().equals(epoch) && page.end() > delivered) {
      around.repaired((int) (page.end() - delivered));
      deliver(messages(page));
    }
    drain();
    if (page.more()) {
      readOn();
    } else {
      repairing = false;
      expect(known);
      checkIfAsked();
    }
  }

  /** The log goes on in another numbering (or with a hole): members are told, and get what can be shown to follow. */
  private void renumber() {
    if (closed) {
      return;
    }
    if (repairing) {
      checkAgain = true;
      return;
    }
    repairing = true;
    var from = new Position(epoch, delivered);
    around.log().read(room, Read.resume(from, PAGE)).onComplete(answer -> {
      repairing = false;
      if (closed) {
        return;
      }
      if (answer.failed()) {
        retry(this::check);
        return;
      }
      failures = 0;
      if (answer.result().epoch().isEmpty()) {
        check(); // The room is gone with those who kept it: watching makes it anew.
      } else if (awaitsUnion(answer.result(), from)) {
        around.later(RETRY, this::check);
      } else {
        restart(answer.result(), from);
      }
    });
  }

  /**
   * Less in the log than was heard of it, in one numbering: that is one half of a union to come, and who went on from it would
   * miss what the other half brings. Unless the rest is lost, so not for ever.
   */
  private boolean awaitsUnion(Page page, Position from) {
    var behind =
        !page.continuous() && page.epoch().equals(from.epoch()) && page.head() < from.seq();
    unionChecks = behind ? unionChecks + 1 : 0;
    return behind && unionChecks <= UNION_CHECKS;
  }

  private void restart(Page page, Position from) {
    unionChecks = 0;
    if (page.continuous() && page.epoch().equals(from.epoch())) {
      repairing = true;
      repaired(page);
      return;
    }
    held.clear();
    epoch = page.epoch();
    delivered = page.start();
    known = page.head();
    around.publish(
        room, new Renumbered(new Joined(epoch, page.head(), page.continuous()), delivered));
    if (!page.entries().isEmpty()) {
      deliver(messages(page));
    }
    expect(page.head());
    checkIfAsked();
  }

  private Messages messages(Page page) {
    return page.messages(room, message -> around.spared(room, message));
  }
}
