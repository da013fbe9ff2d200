package chat.parley.it;

import chat.parley.TestNode;
import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import chat.parley.testing.Checker;
import chat.parley.testing.Conversation;
import chat.parley.testing.SockJsClient;
import chat.parley.testing.Tokens;
import chat.parley.testing.Verdict;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a test class and the clients of the present test. Confined to the test's thread. */
final class Nodes implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final List<TestNode> nodes;
  private final List<Conversation> clients = new ArrayList<>();

  private Nodes(List<TestNode> nodes) {
    this.nodes = nodes;
  }

  /** One node on its own, or several as a cluster. */
  static Nodes of(int count, JsonObject settings) {
    return new Nodes(TestNode.cluster(count, settings));
  }

  /** A cluster of nodes, each with settings of its own. */
  static Nodes of(List<JsonObject> settings) {
    return new Nodes(TestNode.cluster(settings));
  }

  /** The Vert.x of the clients. */
  Vertx vertx() {
    return vertx;
  }

  TestNode first() {
    return nodes.getFirst();
  }

  /** Another node than the first where there is one. */
  TestNode second() {
    return nodes.getLast();
  }

  /** A SockJS client through a load balancer that is not sticky: each request reaches another node than the one before. */
  SockJsClient connectAround(SockJsClient.Transport transport, String user) {
    var everywhere = nodes.stream().map(TestNode::sockjs).toList();
    return with(SockJsClient.connect(vertx, everywhere, transport, Tokens.of(user)));
  }

  /** A WebSocket client of the first node. */
  ChatClient connect(String user) {
    return with(first().connect(vertx, user));
  }

  /** A WebSocket client of the second node. */
  ChatClient connectToSecond(String user) {
    return with(second().connect(vertx, user));
  }

  /** A WebSocket client of the first node with this token. */
  ChatClient connectWith(String token) {
    return with(ChatClient.connect(vertx, first().webSocket(), token));
  }

  /** A client of the first node. */
  Conversation connect(Carrier carrier, String user) {
    return with(carrier.connect(vertx, first(), Tokens.of(user)));
  }

  /** One more client that is closed after the test. */
  <T extends Conversation> T with(T client) {
    clients.add(client);
    return client;
  }

  /** Whether all that this test's clients saw is as promised. */
  Verdict judge() {
    return Checker.strict().check(clients.stream().map(Conversation::journal).toList());
  }

  /** Closes the clients of the test. */
  void hangUp() {
    clients.forEach(Conversation::close);
    clients.clear();
  }

  /** The sum of a meter over all nodes. */
  double metric(String meter) {
    return nodes.stream().mapToDouble(node -> node.metric(meter)).sum();
  }

  @Override
  public void close() {
    hangUp();
    nodes.forEach(TestNode::close);
    Await.result("the end of the clients", vertx.close());
  }
}
