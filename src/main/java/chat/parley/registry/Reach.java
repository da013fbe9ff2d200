package chat.parley.registry;

import chat.parley.cluster.Cluster;
import chat.parley.protocol.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the connections of all nodes. Every node that lives is asked, not only those that the registry names: each knows for certain what it holds, and a
 * session is found though it opened in this moment. Confined to the registry's event loop.
 */
final class Reach {
  private static final Logger log = LoggerFactory.getLogger(Reach.class);
  private static final DeliveryOptions ANSWER = new DeliveryOptions().setSendTimeout(3_000);
  private static final int ATTEMPTS = 5;

  /** Which connections are to be ended, and how: all of a user's, or one session. Immutable. */
  record Order(@Nullable String user, @Nullable String session, CloseCode code) {
    boolean concerns(Connection connection) {
      return connection.user().equals(user) || connection.id().equals(session);
    }

    JsonObject toJson() {
      return JsonObject.of("user", user, "session", session, "code", code.code());
    }

    static Order of(JsonObject json) {
      var code = Stream.of(CloseCode.values())
          .filter(one -> Objects.equals(one.code(), json.getInteger("code")))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no close code: " + json));
      return new Order(json.getString("user"), json.getString("session"), code);
    }
  }

  private final Vertx vertx;
  private final Cluster cluster;
  private final ToIntFunction<Order> here;

  /** @param here ends what this node holds, and says how many that were */
  Reach(Vertx vertx, Cluster cluster, ToIntFunction<Order> here) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.here = here;
  }

  private static String address(String node) {
    return "parley.registry." + node;
  }

  /** Done when other nodes can reach this one. */
  Future<Void> open() {
    return open(ATTEMPTS);
  }

  /** While nodes come and go, the cluster may fail to say that others know the address. Asking twice does no harm. */
  private Future<Void> open(int attempts) {
    var orders = vertx.eventBus().<JsonObject>consumer(address(cluster.nodeId()), this::received);
    return orders
        .completion()
        .recover(cause -> attempts == 1
            ? Future.failedFuture(cause)
            : orders.unregister().transform(gone -> open(attempts - 1)));
  }

  private void received(Message<JsonObject> message) {
    try {
      message.reply(here.applyAsInt(Order.of(message.body())));
    } catch (RuntimeException e) {
      log.warn("An order of another node was not understood: {}", e.getMessage());
      message.fail(1, "not understood");
    }
  }

  /** Has it done on every node. */
  Future<Registry.Ended> end(Order order) {
    var nodes = List.copyOf(cluster.nodes());
    var answers = new ArrayList<Future<Integer>>();
    for (var node : nodes) {
      answers.add(
          node.equals(cluster.nodeId())
              ? Future.succeededFuture(here.applyAsInt(order))
              : vertx
                  .eventBus()
                  .<Integer>request(address(node), order.toJson(), ANSWER)
                  .map(Message::body));
    }
    return Future.join(answers).transform(joined -> Future.succeededFuture(ended(nodes, answers)));
  }

  private static Registry.Ended ended(List<String> nodes, List<Future<Integer>> answers) {
    int ended = 0;
    var silent = new ArrayList<String>();
    for (int i = 0; i < nodes.size(); i++) {
      if (answers.get(i).succeeded()) {
        ended += answers.get(i).result();
      } else {
        silent.add(nodes.get(i));
      }
    }
    return new Registry.Ended(ended, List.copyOf(silent));
  }
}
