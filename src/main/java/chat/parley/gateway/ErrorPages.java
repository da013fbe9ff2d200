package chat.parley.gateway;

import chat.parley.http.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered where nobody has an answer. Pure. */
final class ErrorPages {
  private static final Logger log = LoggerFactory.getLogger(ErrorPages.class);

  private ErrorPages() {}

  static void mount(Router router) {
    // The library's word for a body that broke off; without a handler each would be an error in the
    // log.
    router.errorHandler(200, ErrorPages::brokenBody);
    router.errorHandler(400, ErrorPages::brokenBody);
    router.errorHandler(404, page(404, "Not found", "there is nothing at this path"));
    router.errorHandler(413, page(413, "Too large", "the body is larger than this path takes"));
    router.errorHandler(500, ErrorPages::mistake);
  }

  private static Handler<RoutingContext> page(int status, String title, String detail) {
    return request -> Problem.answer(request.response(), status, title, detail);
  }

  private static void brokenBody(RoutingContext request) {
    if (!request.response().ended() && !request.response().headWritten()) {
      Problem.answer(request.response(), 400, "Bad request", "the body can't be read");
      request.request().connection().close().onFailure(gone -> {});
    }
  }

  private static void mistake(RoutingContext request) {
    log.error(
        "{} {} failed", request.request().method(), request.normalizedPath(), request.failure());
    if (!request.response().ended() && !request.response().headWritten()) {
      Problem.answer(request.response(), 500, "Internal error", "the server made a mistake");
    }
  }
}
