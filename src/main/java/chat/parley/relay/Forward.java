package chat.parley.relay;

import chat.parley.http.Hangup;
import chat.parley.http.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's request on its way to the node that has its session, and the answer on its way back: no faster than the client reads. If
 * either side goes, so does the other. Confined to its event loop; {@link #abort} hops there.
 */
final class Forward {
  /** All that SockJS looks at. Who the client is goes in headers of our own. */
  private static final List<CharSequence> PASSED =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.ORIGIN);

  /** What concerns one connection, and not the answer. */
  private static final Set<String> HOP =
      Set.of("connection", "keep-alive", "transfer-encoding", "upgrade");

  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final Context loop;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Buffer body;
  private final Runnable notFound;
  private @Nullable HttpClientRequest asked;
  private boolean aborted;

  /** @param notFound told when the owner does not have the session */
  Forward(Context loop, HttpServerRequest request, Buffer body, Runnable notFound) {
    this.loop = loop;
    this.request = request;
    this.response = request.response();
    this.body = body;
    this.notFound = notFound;
  }

  int bytes() {
    return body.length();
  }

  /** Done when the client has its answer; fails when it has only part of it, or none. */
  Future<Void> run(HttpClient client, RequestOptions to) {
    response.exceptionHandler(broken -> reset());
    response.closeHandler(gone -> reset());
    return client.request(to).compose(this::ask).compose(this::answer).onFailure(this::fail);
  }

  private Future<HttpClientResponse> ask(HttpClientRequest to) {
    asked = to;
    // The future tells of it; here unheard, each client that hangs up would be an error in the log.
    to.exceptionHandler(broken -> {});
    if (aborted) {
      to.reset();
    }
    for (var name : PASSED) {
      var value = request.getHeader(name);
      if (value != null) {
        to.putHeader(name, value);
      }
    }
    return to.send(body);
  }

  private Future<Void> answer(HttpClientResponse answer) {
    int status = answer.statusCode();
    if (status == NOT_FOUND) {
      notFound.run();
    }
    response.setStatusCode(status);
    answer.headers().forEach(header -> {
      if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        response.putHeader(header.getKey(), header.getValue());
      }
    });
    boolean counted = answer.getHeader(HttpHeaders.CONTENT_LENGTH) != null;
    response.setChunked(
        !counted && status != NO_CONTENT && request.version() != HttpVersion.HTTP_1_0);
    return answer.pipe().endOnFailure(false).to(response);
  }

  private void fail(Throwable cause) {
    reset();
    if (response.closed() || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      // Half an answer must not look like a whole one.
      Hangup.now(request.connection());
    } else {
      response.headers().remove(HttpHeaders.TRANSFER_ENCODING);
      Problem.answer(
          response.setChunked(false),
          503,
          "Not reached",
          "the node that has this session did not answer: begin a new one");
    }
  }

  private void reset() {
    aborted = true;
    if (asked != null) {
      asked.reset();
    }
  }

  /** The owner is gone. May be called from any thread. */
  void abort() {
    loop.runOnContext(now -> reset());
  }
}
