package chat.parley.browser;

import chat.parley.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies between a browser and the nodes, and can be cut: an address of its own, whose connections go to the first of these nodes that
 * takes them. Thread-safe: its flags are volatile, its connections a concurrent set.
 */
final class Cable implements AutoCloseable {
  private static final String HANDSHAKE = "GET /ws ";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setConnectTimeout(1000));
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final NetServer server;
  private volatile List<URI> nodes;
  private volatile boolean dead;
  private volatile boolean noWebSockets;

  private Cable(List<URI> nodes) {
    this.nodes = nodes;
    this.server = vertx.createNetServer().connectHandler(this::join);
    Await.result("a cable", server.listen(0, "127.0.0.1"));
  }

  static Cable to(URI... nodes) {
    return new Cable(List.of(nodes));
  }

  URI http() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** From now on connections go to these, in this order of preference; those that are open stay. */
  Cable prefer(URI... others) {
    nodes = List.of(others);
    return this;
  }

  /** Nothing comes through any more, and nobody is told: what a dead network looks like. */
  void die() {
    dead = true;
  }

  /** New connections work again; what was under way on the old ones is lost. */
  void mend() {
    open.forEach(NetSocket::close);
    dead = false;
  }

  /** All connections end at once. */
  void cut() {
    open.forEach(NetSocket::close);
  }

  /** Like a proxy that knows nothing of WebSockets. */
  Cable withoutWebSockets() {
    noWebSockets = true;
    return this;
  }

  private void join(NetSocket browser) {
    keep(browser);
    browser.pause();
    if (dead) {
      return;
    }
    connect(nodes, 0)
        .onSuccess(node -> {
          keep(node);
          browser.handler(bytes -> fromBrowser(browser, node, bytes));
          node.handler(bytes -> pass(bytes, browser));
          browser.closeHandler(end -> end(browser, node));
          node.closeHandler(end -> end(node, browser));
          browser.resume();
        })
        .onFailure(cause -> browser.close());
  }

  private Future<NetSocket> connect(List<URI> all, int first) {
    if (first == all.size()) {
      return Future.failedFuture("none of " + all + " answers");
    }
    var node = all.get(first);
    return client
        .connect(node.getPort(), node.getHost())
        .recover(refused -> connect(all, first + 1));
  }

  private void keep(NetSocket socket) {
    open.add(socket);
    socket.exceptionHandler(broken -> socket.close());
  }

  private void fromBrowser(NetSocket browser, NetSocket node, Buffer bytes) {
    if (noWebSockets && bytes.toString().startsWith(HANDSHAKE)) {
      browser.close();
    } else {
      pass(bytes, node);
    }
  }

  private void pass(Buffer bytes, NetSocket to) {
    if (!dead) {
      to.write(bytes);
    }
  }

  /** The other half ends too, unless nobody could have told it. */
  private void end(NetSocket ended, NetSocket other) {
    open.remove(ended);
    if (!dead) {
      other.close();
    }
  }

  @Override
  public void close() {
    Await.result("the end of a cable", vertx.close());
  }
}
