package chat.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"a\":1} | {\"a\":1} | true",
        "{\"a\":1} | {\"a\":1,\"b\":2} | true",
        "{\"a\":1} | {\"a\":2} | false",
        "{\"a\":1} | {} | false",
        "{\"a\":\"…\"} | {\"a\":{\"b\":1}} | true",
        "{\"a\":\"…\"} | {} | false",
        "{\"a\":{\"b\":1}} | {\"a\":{\"b\":2}} | false",
        "{\"a\":[1,\"…\"]} | {\"a\":[1,5]} | true",
        "{\"a\":[1]} | {\"a\":[1,5]} | false",
        "{\"a\":\"$x\",\"b\":\"$x\"} | {\"a\":7,\"b\":7} | true",
        "{\"a\":\"$x\",\"b\":\"$x\"} | {\"a\":7,\"b\":8} | false"
      })
  void a_frame_matches_if_it_has_what_is_expected(String expected, String actual, boolean matches) {
    assertThat(
            Conversation.matches(new JsonObject(expected), new JsonObject(actual), new HashMap<>()))
        .isEqualTo(matches);
  }

  @Test
  void what_was_learnt_is_sent_as_it_came() {
    var turn =
        new Conversation.Turn("{\"since\":{\"epoch\":\"$epoch\",\"seq\":\"$seq\"}}", List.of());
    assertThat(turn.filled(Map.of("$epoch", "a\"b", "$seq", 7)))
        .isEqualTo("{\"since\":{\"epoch\":\"a\\\"b\",\"seq\":7}}");
  }

  @Test
  void the_document_has_conversations_that_begin_with_a_welcome() {
    List<Conversation> conversations = ProtocolDocument.read().conversations();
    assertThat(conversations)
        .extracting(Conversation::title)
        .contains("Frames", "When something is wrong", "A client that comes back");
    assertThat(conversations)
        .allSatisfy(c ->
            assertThat(c.turns().get(0).answers().get(0).getString("type")).isEqualTo("welcome"));
  }
}
