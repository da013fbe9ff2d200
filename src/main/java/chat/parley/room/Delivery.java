package chat.parley.room;

import chat.parley.metrics.Metrics;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Signals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the logs accepted to the nodes that listen: to this one directly, to each other one in bus messages of many rooms'
 * parcels. Confined to its event loop.
 */
final class Delivery implements RoomLog.Outlet {
  /** A node that does not confirm for so long is taken to have lost the bus message. */
  private static final DeliveryOptions CONFIRM = new DeliveryOptions().setSendTimeout(5_000);

  private final Vertx vertx;
  private final String self;
  private final Turn turn;
  private final Metrics metrics;
  private final Map<String, PeerLink> links = new HashMap<>();
  private final Function<String, @Nullable RoomFeed> feeds;
  private final Consumer<String> unreachable;
  private final Predicate<String> dead;
  private boolean flushing;

  /**
   * @param feeds this loop's feed of a room, or null
   * @param dead whether a node is known to be gone
   * @param unreachable told of a node that nobody answers for
   */
  Delivery(
      Vertx vertx,
      String self,
      Turn turn,
      Metrics metrics,
      Function<String, @Nullable RoomFeed> feeds,
      Predicate<String> dead,
      Consumer<String> unreachable) {
    this.vertx = vertx;
    this.self = self;
    this.turn = turn;
    this.metrics = metrics;
    this.feeds = feeds;
    this.dead = dead;
    this.unreachable = unreachable;
  }

  /** The one clustered address of a node: every other one would have to be cleaned up when it dies. */
  static String address(String node) {
    return "parley.node." + node;
  }

  @Override
  public boolean heard(String room, String[] audience) {
    return audience.length > 0 || feeds.apply(room) != null;
  }

  @Override
  public void accepted(String room, String[] audience, Messages messages) {
    var feed = feeds.apply(room);
    if (feed != null) {
      feed.arrived(messages);
    }
    toOthers(audience, new Parcel.OfMessages(room, messages));
  }

  @Override
  public void signalled(String room, String[] audience, Signals signals) {
    var feed = feeds.apply(room);
    if (feed != null) {
      feed.signalled(signals);
    }
    toOthers(audience, new Parcel.OfSignals(room, signals));
  }

  @Override
  public void doubtful(String room, String[] audience) {
    var feed = feeds.apply(room);
    if (feed != null) {
      feed.check();
    }
    toOthers(audience, new Parcel.OfDoubt(room));
  }

  /** Says something to the room's companions on those nodes; perhaps it is lost. */
  void tell(String room, String[] nodes, byte[] message) {
    toOthers(nodes, new Parcel.OfCompanion(room, message));
  }

  private void toOthers(String[] audience, Parcel parcel) {
    for (var node : audience) {
      if (!node.equals(self) && !dead.test(node)) {
        links.computeIfAbsent(node, this::link).add(parcel);
        flushAtEnd();
      }
    }
  }

  private void flushAtEnd() {
    if (!flushing) {
      flushing = true;
      turn.atEnd(() -> {
        flushing = false;
        // What a flush brings about may come back here and begin or end a link.
        List.copyOf(links.values()).forEach(PeerLink::flush);
      });
    }
  }

  private PeerLink link(String node) {
    var address = address(node);
    return new PeerLink(new PeerLink.Surroundings() {
      @Override
      public Future<Void> send(Buffer message) {
        return vertx
            .eventBus()
            .request(address, message, CONFIRM)
            .onFailure(cause -> unheard(node, cause))
            .mapEmpty();
      }

      @Override
      public void later(Duration delay, Runnable task) {
        vertx.setTimer(delay.toMillis(), timer -> task.run());
      }

      @Override
      public void queued(int bytes) {
        metrics.busQueued(node, bytes);
      }

      @Override
      public void dropped(int parcels) {
        metrics.parcelsDropped(parcels);
      }
    });
  }

  private void unheard(String node, Throwable cause) {
    if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS) {
      unreachable.accept(node);
    }
  }

  /** Those nodes are gone; what waits for them need not wait. */
  void forget(Set<String> nodes) {
    for (var node : nodes) {
      var link = links.remove(node);
      if (link != null) {
        link.close();
      }
      metrics.peerGone(node);
    }
  }
}
