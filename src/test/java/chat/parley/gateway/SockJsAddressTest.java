package chat.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests are about a session. */
class SockJsAddressTest {
  @ParameterizedTest
  @CsvSource({
    "POST, xhr, true",
    "POST, xhr_streaming, true",
    "GET, eventsource, true",
    "GET, htmlfile, true",
    "GET, jsonp, true",
    "POST, xhr_send, false",
    "POST, jsonp_send, false"
  })
  void each_http_transport_begins_a_session_or_needs_one(
      String method, String transport, boolean begins) {
    var address = SockJsAddress.of(HttpMethod.valueOf(method), "/sockjs/000/abcdefgh/" + transport);
    assertThat(address).isEqualTo(new SockJsAddress("abcdefgh", begins));
    assertThat(Objects.requireNonNull(address).isFine()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /sockjs/info",
    "GET, /sockjs/iframe.html",
    "GET, /sockjs/000/abcdefgh/websocket",
    "OPTIONS, /sockjs/000/abcdefgh/xhr",
    "GET, /sockjs/000/abcdefgh/xhr",
    "POST, /sockjs/000/abcdefgh/eventsource",
    "POST, /sockjs/0.0/abcdefgh/xhr",
    "POST, /sockjs/000/abc.efgh/xhr",
    "POST, /sockjs/000/abcdefgh/xhr/more"
  })
  void nothing_else_is_about_a_session(String method, String path) {
    assertThat(SockJsAddress.of(HttpMethod.valueOf(method), path)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"abcdefgh, true", "A-Z_~09x, true", "short12, false", "abcd%61efgh, false"})
  void an_id_has_one_spelling(String id, boolean fine) {
    assertThat(new SockJsAddress(id, true).isFine()).isEqualTo(fine);
  }
}
