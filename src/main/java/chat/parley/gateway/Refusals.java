package chat.parley.gateway;

import chat.parley.audit.Audit;
import chat.parley.audit.Audit.Event;
import chat.parley.audit.Audit.Who;
import chat.parley.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What those hear who are not let in, and what is written down of it. Immutable. */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private final Audit audit;
  private final Admission admission;

  Refusals(Audit audit, Admission admission) {
    this.audit = audit;
    this.admission = admission;
  }

  /** Says so, and if it was our mistake writes it down; that somebody hung up meanwhile is nobody's. */
  void answer(HttpServerRequest request, Throwable cause) {
    if (cause instanceof Door.Refused refused) {
      refused.answer(request);
      if (refused.isAboutToken()) {
        token(request, String.valueOf(refused.getMessage()));
      } else {
        origin(request);
      }
    } else if (cause instanceof Admission.FullException full) {
      full.answer(request);
      full(request, full);
    } else if (!request.response().headWritten() && !request.response().closed()) {
      log.error("a token could not be checked", cause);
      Problem.answer(request.response(), 500, "Internal error", "the server made a mistake");
    }
  }

  void full(HttpServerRequest request, Admission.FullException full) {
    var event = full.isOfNode() ? Event.NODE_FULL : Event.CONNECTION_REFUSED;
    audit.tell(event, who(request), null, String.valueOf(full.getMessage()));
  }

  void token(HttpServerRequest request, String why) {
    audit.tell(Event.TOKEN_REFUSED, who(request), null, why);
  }

  void origin(HttpServerRequest request) {
    audit.tell(
        Event.ORIGIN_REFUSED, who(request), null, String.valueOf(request.getHeader("Origin")));
  }

  private Who who(HttpServerRequest request) {
    return new Who(admission.client(request), "", "");
  }
}
