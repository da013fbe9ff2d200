package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.room.Parcel.OfDoubt;
import chat.parley.room.Parcel.OfMessages;
import chat.parley.room.Parcel.OfSignals;
import chat.parley.room.RoomEvent.Messages;
import chat.parley.room.RoomEvent.Signals;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParcelTest {
  private static Line line(String json) {
    return new Line(Samples.bytes(json), null);
  }

  private static Buffer packed(Parcel... parcels) {
    var message = Parcel.begin();
    for (var parcel : parcels) {
      Parcel.append(message, parcel);
    }
    return message;
  }

  private static Buffer sample() {
    return packed(
        new OfMessages("r".repeat(128), new Messages("e1", 7, List.of(line("{}"), line("é")))),
        new OfSignals("lobby", new Signals(List.of(line("")))),
        new OfDoubt("lobby"));
  }

  @Test
  void what_was_packed_is_unpacked() {
    var parcels = Parcel.parse(sample());

    assertThat(parcels).hasSize(3);
    var messages = ((OfMessages) parcels.getFirst()).messages();
    assertThat(parcels.getFirst().room()).hasSize(128);
    assertThat(messages.epoch()).isEqualTo("e1");
    assertThat(messages.first()).isEqualTo(7);
    assertThat(messages.lines().stream().map(it -> new String(it.json(), StandardCharsets.UTF_8)))
        .containsExactly("{}", "é");
    assertThat(((OfSignals) parcels.get(1)).signals().lines()).hasSize(1);
    assertThat(parcels.getLast()).isEqualTo(new OfDoubt("lobby"));
    assertThat(packed(parcels.toArray(Parcel[]::new))).isEqualTo(sample());
  }

  @Test
  void an_empty_message_holds_nothing() {
    assertThat(Parcel.parse(Parcel.begin())).isEmpty();
  }

  @Test
  void another_version_is_refused() {
    assertThatThrownBy(() -> Parcel.parse(Buffer.buffer(new byte[] {2, 3, 0, 0})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another version");
    assertThatThrownBy(() -> Parcel.parse(Buffer.buffer()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_unknown_kind_is_refused() {
    assertThatThrownBy(() -> Parcel.parse(Buffer.buffer(new byte[] {1, 9, 0, 1, 'r'})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kind 9");
  }

  /** Asked for two thousand million lines, the node ran out of memory. */
  @Test
  void a_count_of_lines_that_can_not_be_true_is_refused() {
    var message = Buffer.buffer(new byte[] {1, 2, 0, 1, 'r'}).appendInt(Integer.MAX_VALUE);

    assertThatThrownBy(() -> Parcel.parse(message)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_message_cut_short_is_refused_wherever_it_was_cut() {
    var whole = sample();
    int doubt = packed(new OfDoubt("lobby")).length() - 1;
    for (int end = 1; end < whole.length(); end++) {
      var cut = whole.getBuffer(0, end);
      boolean betweenParcels = end == 1
          || end == whole.length() - doubt
          || end
              == packed(Parcel.parse(whole).subList(0, 1).toArray(Parcel[]::new))
                  .length();
      if (betweenParcels) {
        assertThatCode(() -> Parcel.parse(cut)).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> Parcel.parse(cut))
            .as("cut at %d", end)
            .isInstanceOf(RuntimeException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatever_comes_is_read_or_refused(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var bytes = sample().getBytes();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(Parcel.parse(Buffer.buffer(bytes))).isNotNull();
      } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
        assertThat(refused).isNotNull();
      }
    }
  }
}
