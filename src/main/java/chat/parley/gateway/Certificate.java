package chat.parley.gateway;

import chat.parley.tls.KeyFiles;
import chat.parley.tls.ModernTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server shows its clients, looked at again and again: new connections get what is in the files by then, old ones live. Immutable.
 *
 * @param files none named: no TLS
 * @param reload how often they are looked at
 */
record Certificate(KeyFiles files, Duration reload) {
  private static final Logger log = LoggerFactory.getLogger(Certificate.class);

  /** Reads the files and adds what is in them; fails if they can't be used. */
  Future<HttpServerOptions> addTo(Vertx vertx, HttpServerOptions options) {
    if (!files.areNamed()) {
      return Future.succeededFuture(options);
    }
    return read(vertx).map(pair -> {
      options.setKeyCertOptions(pair);
      return ModernTls.turnOn(options);
    });
  }

  /** From now on a change of the files is heeded. All instances have one server, so the first that sees the change makes it. */
  void keepFresh(Vertx vertx, HttpServer server) {
    if (files.areNamed()) {
      vertx.setPeriodic(reload.toMillis(), timer -> refresh(vertx, server));
    }
  }

  private void refresh(Vertx vertx, HttpServer server) {
    read(vertx)
        .compose(pair -> server.updateSSLOptions(options(pair)))
        .onSuccess(changed -> {
          if (changed) {
            log.info("New connections get the certificate that is now in {}", files);
          }
        })
        .onFailure(why -> log.warn(
            "{} can't be used, the certificate before stays: {}", files, why.getMessage()));
  }

  private Future<KeyCertOptions> read(Vertx vertx) {
    return vertx.executeBlocking(files::read, false);
  }

  private static ServerSSLOptions options(KeyCertOptions pair) {
    var options = new ServerSSLOptions();
    options.setKeyCertOptions(pair);
    return ModernTls.allow(options);
  }
}
