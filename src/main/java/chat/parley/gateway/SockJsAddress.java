package chat.parley.gateway;

import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which session a request of SockJS's HTTP transports is about. Immutable.
 *
 * @param session the id that the client chose
 * @param begins whether the request begins the session if there is none; the others need one
 */
record SockJsAddress(String session, boolean begins) {
  /** What an id may be, for people. */
  static final String FORM = "8–128 of A–Z, a–z, 0–9, _, ~ and -, and chosen by chance";

  private static final Pattern PATH = Pattern.compile("/sockjs/[^/.]+/([^/.]+)/([a-z_]+)");
  private static final Pattern ID = Pattern.compile("[\\w~-]{8,128}");
  private static final Set<String> HEARD_BY_GET = Set.of("eventsource", "htmlfile", "jsonp");
  private static final Set<String> HEARD_BY_POST = Set.of("xhr", "xhr_streaming");
  private static final Set<String> SENT_BY_POST = Set.of("xhr_send", "jsonp_send");

  /** Of a normalized path; null for all else: WebSockets, preflights, {@code /info}. */
  static @Nullable SockJsAddress of(HttpMethod method, String path) {
    var parts = PATH.matcher(path);
    if (!parts.matches()) {
      return null;
    }
    var transport = parts.group(2);
    boolean post = method.equals(HttpMethod.POST);
    boolean begins = post
        ? HEARD_BY_POST.contains(transport)
        : method.equals(HttpMethod.GET) && HEARD_BY_GET.contains(transport);
    return begins || (post && SENT_BY_POST.contains(transport))
        ? new SockJsAddress(parts.group(1), begins)
        : null;
  }

  /** One spelling per session, and long enough to be a key. */
  boolean isFine() {
    return ID.matcher(session).matches();
  }
}
