package chat.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectRoomTest {
  @Test
  void two_people_have_one_room_whoever_is_named_first() {
    for (var pair : List.of(
        List.of("ann", "bob"), List.of("Ann", "ann"), List.of("a:b", "c"), List.of("Zoë", "李"))) {
      var room = DirectRoom.of(pair.getFirst(), pair.getLast());
      assertThat(DirectRoom.of(pair.getLast(), pair.getFirst())).isEqualTo(room);
      assertThat(RoomName.isValid(room)).isTrue();
      assertThat(DirectRoom.canonical(room)).isEqualTo(room);
      assertThat(DirectRoom.isOf(room, pair.getFirst())).isTrue();
      assertThat(DirectRoom.isOf(room, pair.getLast())).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dm:bob:ann, dm:ann:bob",
    "dm:ann:bob, dm:ann:bob",
    "dm:b:a:c, dm:a:c:b",
    "dm:, dm:",
    "dm:ann, dm:ann",
    "lobby, lobby",
    "DM:b:a, DM:b:a"
  })
  void the_name_is_put_in_order(String name, String canonical) {
    assertThat(DirectRoom.canonical(name)).isEqualTo(canonical);
    assertThat(DirectRoom.canonical(canonical)).isEqualTo(canonical);
  }

  @Test
  void names_that_look_like_two_are_one() {
    assertThat(DirectRoom.of("a:b", "c")).isEqualTo("dm:a~3Ab:c");
    assertThat(DirectRoom.of("a~3Ab", "c")).isEqualTo("dm:a~7E3Ab:c");
    assertThat(DirectRoom.isOf("dm:a:b:c", "a")).isFalse();
    assertThat(DirectRoom.isOf("dm:a:b:c", "c")).isFalse();
    assertThat(DirectRoom.isOf("dm:a:b:c", "a:b")).isFalse();
    assertThat(DirectRoom.isOf("dm:a~3Ab:c", "a:b")).isTrue();
    assertThat(DirectRoom.isOf("dm:a~3Ab:c", "a")).isFalse();
  }

  @Test
  void who_is_not_one_of_the_two_is_not() {
    for (var room :
        List.of("dm:ann:bob", "dm:ann:", "dm::ann", "dm:ann", "dm:", "lobby", "xdm:eve:eve")) {
      assertThat(DirectRoom.isOf(room, "eve")).as(room).isFalse();
    }
    assertThat(DirectRoom.isOf("dm:ann:", "ann")).isFalse();
    assertThat(DirectRoom.isOf("dm:ann:ann", "ann")).isTrue();
  }
}
