package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time is found in the frame as it is written, whatever people call themselves. */
class MessageTimeTest {
  private static byte[] message(String user) {
    return FrameCodec.encode(
        new ServerFrame.Message("lobby", "e1", 7, "m-1", user, null, 1_795_581_515_641L, JSON));
  }

  private static final byte[] JSON = "{\"time\":3}".getBytes(UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"ann", "a\"time\":9", "\\\"time\":1", "time", "\"time\":"})
  void it_is_the_messages_own(String user) {
    assertThat(MessageTime.of(message(user))).isEqualTo(1_795_581_515_641L);
  }

  @Test
  void other_frames_have_none() {
    var signal = "{\"type\":\"signal\",\"room\":\"r\",\"data\":{\"time\":3}}";
    assertThat(MessageTime.of(signal.getBytes(UTF_8))).isEqualTo(-1);
    assertThat(MessageTime.of(new byte[0])).isEqualTo(-1);
    assertThat(MessageTime.of("{\"type\":\"message\",".getBytes(UTF_8))).isEqualTo(-1);
  }
}
