package chat.parley.room;

import chat.parley.metrics.Metrics;
import chat.parley.protocol.MessageTime;
import chat.parley.protocol.Position;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomLog.Receipt;
import chat.parley.room.Subscriber.Joined;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rooms as one event loop sees them: its sessions' members, and the logs and feeds of the rooms that are at home here. A room's home is one event loop of each
 * node, found by its name; what concerns a room as a whole happens there. Confined to its event loop.
 */
public final class Rooms {
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setCodecName(RoomEventCodec.NAME);

  private final RoomNode node;
  private final Vertx vertx;
  private final Context context;
  private final Turn turn;
  private final Metrics metrics;
  private final RoomLog log;
  private final Feeds feeds = new Feeds(new HomeSurroundings());
  private final Spared spared = new Spared();
  private final Delivery delivery;
  private final Map<String, Membership> memberships = new HashMap<>();
  private final LocalSurroundings local = new LocalSurroundings();
  private Companion companion = Companion.NONE;

  /** A room on this loop: being attached to its feed, or attached. */
  private final class Membership {
    final String room;
    final MessageConsumer<RoomEvent> consumer;
    final Future<LocalRoom> attached;
    int members;

    Membership(String room) {
      this.room = room;
      Promise<LocalRoom> promise = Promise.promise();
      attached = promise.future();
      // Subscribed before it is attached: what is heard too early the position leaves out.
      consumer = vertx
          .eventBus()
          .consumer(new MessageConsumerOptions().setAddress(address(room)).setLocalOnly(true));
      consumer.handler(message -> {
        var here = attached.result();
        if (here != null) {
          here.on(message.body());
        }
      });
      atHome(room, rooms -> rooms.feeds.attach(room)).onComplete(answer -> {
        if (answer.succeeded()) {
          promise.complete(new LocalRoom(room, answer.result(), local));
        } else {
          promise.fail(answer.cause());
        }
      });
    }

    void left() {
      members--;
      if (members == 0 && memberships.remove(room, this)) {
        consumer.unregister();
        attached.onSuccess(was -> node.home(room).run(rooms -> rooms.feeds.detach(room)));
      }
    }
  }

  /** What the feeds at home here need. */
  private final class HomeSurroundings implements RoomFeed.Surroundings {
    @Override
    public RoomLog log() {
      return log;
    }

    @Override
    public String nodeId() {
      return node.id();
    }

    @Override
    public void publish(String room, RoomEvent event) {
      vertx.eventBus().publish(address(room), event, LOCAL);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      vertx.setTimer(delay.toMillis(), timer -> task.run());
    }

    @Override
    public @Nullable Subscriber spared(String room, MessageKey message) {
      return spared.sender(room, message);
    }

    @Override
    public void repaired(int messages) {
      metrics.repaired(messages);
    }
  }

  /** What the members' rooms on this loop need. */
  private final class LocalSurroundings implements LocalRoom.Surroundings {
    @Override
    public Future<Page> read(String room, Read page) {
      return log.read(room, page);
    }

    @Override
    public void check(String room) {
      node.home(room).run(rooms -> {
        var feed = rooms.feeds.get(room);
        if (feed != null) {
          feed.check();
        }
      });
    }

    @Override
    public void atEndOfTurn(Runnable task) {
      turn.atEnd(task);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      vertx.setTimer(delay.toMillis(), timer -> task.run());
    }

    @Override
    public void delivered(Burst frames, int members) {
      metrics.delivered(frames.size(), members);
      // The first has waited longest; looking at each would cost more than it tells.
      long time = MessageTime.of(frames.json(0));
      if (time >= 0) {
        metrics.deliveredAfter(Duration.ofMillis(node.now() - time));
      }
    }
  }

  Rooms(RoomNode node, Vertx vertx, Context context, Metrics metrics) {
    this.node = node;
    this.vertx = vertx;
    this.context = context;
    this.metrics = metrics;
    this.turn = new Turn(eventLoop());
    this.delivery =
        new Delivery(vertx, node.id(), turn, metrics, feeds::get, node::isGone, node::unreachable);
    this.log = node.log(vertx, delivery);
    vertx.setPeriodic(1_000, timer -> feeds.compareSome());
  }

  /** The local event-bus address of a room: what its feed on this node publishes. */
  static String address(String room) {
    return "parley.room." + room;
  }

  EventLoop eventLoop() {
    return ((ContextInternal) context).nettyEventLoop();
  }

  /** The end of this event loop's turn. */
  public Turn turn() {
    return turn;
  }

  /**
   * Makes the subscriber a member. Fails with {@link chat.parley.cluster.UnavailableException}.
   *
   * @param since what it has already, or null
   * @param last how many of the newest messages it wants if {@code since} is null or can't be continued
   * @param welcome told where it stands, right before its first frame
   */
  public Future<Void> join(
      String room,
      Subscriber member,
      @Nullable Position since,
      int last,
      Consumer<Joined> welcome) {
    var present = memberships.get(room);
    var membership = present == null ? new Membership(room) : present;
    memberships.put(room, membership);
    membership.members++;
    return membership
        .attached
        .compose(here -> here.join(member, since, last, welcome))
        .onFailure(cause -> membership.left());
  }

  /** Ends a membership whose {@link #join} has succeeded. */
  public void leave(String room, Subscriber member) {
    var membership = memberships.get(room);
    if (membership != null) {
      var here = membership.attached.result();
      if (here != null) {
        here.leave(member);
      }
      membership.left();
    }
  }

  /** See {@link RoomLog#append(String, Draft, Subscriber)}. */
  public Future<Receipt> publish(String room, Draft draft, @Nullable Subscriber notTo) {
    return atHome(room, rooms -> rooms.append(room, draft, notTo));
  }

  private Future<Receipt> append(String room, Draft draft, @Nullable Subscriber notTo) {
    var appended = log.append(room, draft, notTo);
    if (notTo != null && !appended.isComplete()) {
      spared.add(room, draft.key(), notTo);
      appended.onSuccess(receipt -> {
        var feed = feeds.get(room);
        if (feed == null || feed.reached(receipt.epoch(), receipt.seq())) {
          spared.remove(room, draft.key());
        }
      });
    }
    return appended;
  }

  /** Passes a frame on to the room's members except {@code from}; kept nowhere. */
  public Future<Void> signal(String room, byte[] json, Subscriber from) {
    return atHome(room, rooms -> rooms.log.signal(room, new Line(json, from)));
  }

  /** The newest messages, or those right before or after a position: at most {@code limit}. */
  public Future<Page> history(String room, @Nullable Long before, @Nullable Long after, int limit) {
    var read = before != null
        ? Read.before(before, limit)
        : after != null ? Read.after(after, limit) : Read.last(limit);
    return log.read(room, read);
  }

  /** From now on every room that is at home here has this companion; before the first member joins. */
  public void accompany(Companion by) {
    companion = by;
    feeds.accompany(by);
  }

  /** A companion's word to those on other nodes of a room that is at home here. What is dropped on the way is made good by {@link Companion#check}. */
  public void tell(String room, String[] nodes, byte[] message) {
    delivery.tell(room, nodes, message);
  }

  /** Brings a frame to all members on this node of a room that is at home here. */
  public void announce(String room, byte[] json) {
    vertx.eventBus().publish(address(room), new RoomEvent.Announced(new Line(json, null)), LOCAL);
  }

  /** Runs the call on the room's home loop and brings the answer back to this one. */
  public <T> Future<T> atHome(String room, Function<Rooms, Future<T>> call) {
    var there = node.home(room);
    if (there == this) {
      return call.apply(this);
    }
    Promise<T> answer = Promise.promise();
    there.run(rooms -> call.apply(rooms)
        .onComplete((value, cause) -> context.runOnContext(back -> answer.complete(value, cause))));
    return answer.future();
  }

  /** Runs the task on this loop: at once if the caller is on it. May be called from any thread. */
  public void onLoop(Runnable task) {
    run(rooms -> task.run());
  }

  /** Runs the task on this loop: at once if the caller is on it. May be called from any thread. */
  public void run(Consumer<Rooms> task) {
    if (eventLoop().inEventLoop()) {
      task.accept(this);
    } else {
      context.runOnContext(now -> task.accept(this));
    }
  }

  /** What another node sent about a room that is at home here. */
  void received(Parcel parcel) {
    if (parcel instanceof Parcel.OfCompanion said) {
      companion.told(said.room(), said.message());
      return;
    }
    if (parcel instanceof Parcel.OfDoubt) {
      companion.check(parcel.room());
    }
    var feed = feeds.get(parcel.room());
    if (feed == null) {
      feeds.stray(parcel.room());
      return;
    }
    switch (parcel) {
      case Parcel.OfCompanion said -> throw new IllegalStateException("Bug: not for the feed");
      case Parcel.OfMessages some -> feed.arrived(some.messages());
      case Parcel.OfSignals some -> feed.signalled(some.signals());
      case Parcel.OfDoubt doubt -> feed.check();
    }
  }

  /** Nodes came or went, or two halves were united: nothing that was heard is taken for granted. */
  void clusterChanged(Set<String> left) {
    delivery.forget(left);
    feeds.compareAll();
  }

  /** Nobody answers there any more. */
  void forget(Set<String> nodes) {
    delivery.forget(nodes);
  }

  int feedCount() {
    return feeds.size();
  }
}
