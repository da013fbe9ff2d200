package chat.parley.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** A refusal over HTTP: a problem document (RFC 9457). Pure. */
public final class Problem {
  private Problem() {}

  /** Answers with the status; {@code detail} tells a person what was wrong and what would be right. */
  public static void answer(HttpServerResponse response, int status, String title, String detail) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(new JsonObject()
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .toBuffer());
  }
}
