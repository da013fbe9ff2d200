package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparedTest {
  private final Spared spared = new Spared();
  private final Subscriber ann = new Quiet(text -> {});

  private static MessageKey key(String id) {
    return new MessageKey("ann", id);
  }

  @Test
  void a_message_is_its_senders_own_in_its_room_alone_until_it_is_through() {
    spared.add("lobby", key("m1"), ann);

    assertThat(spared.sender("lobby", key("m1"))).isEqualTo(ann);
    assertThat(spared.sender("kitchen", key("m1"))).isNull();
    assertThat(spared.sender("lobby", key("m2"))).isNull();
    spared.remove("lobby", key("m1"));
    assertThat(spared.sender("lobby", key("m1"))).isNull();
  }

  @Test
  void of_very_many_the_eldest_are_forgotten() {
    for (int i = 0; i <= Spared.MOST; i++) {
      spared.add("lobby", key("m" + i), ann);
    }

    assertThat(spared.sender("lobby", key("m0"))).isNull();
    assertThat(spared.sender("lobby", key("m1"))).isEqualTo(ann);
  }
}
