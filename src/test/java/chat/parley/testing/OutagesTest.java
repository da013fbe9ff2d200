package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private final Diary ann = new Diary("ann").joined("e1", 0).got("e1", 1, "a");

  @Test
  void an_outage_lasts_until_the_client_has_caught_up() {
    ann.ended()
        .connected()
        .resumed("e1", 3, 1)
        .got("e1", 2, "b")
        .got("e1", 3, "c")
        .got("e1", 4, "d");
    assertThat(whole(ann)).containsExactly(Duration.ofNanos(4));
  }

  @Test
  void who_missed_nothing_is_back_when_joined() {
    ann.ended().connected().resumed("e1", 1, 1).got("e1", 2, "b");
    assertThat(whole(ann)).containsExactly(Duration.ofNanos(2));
  }

  @Test
  void a_connection_that_breaks_again_is_one_outage() {
    ann.ended().connected().ended().connected().resumed("e1", 1, 1);
    assertThat(whole(ann)).containsExactly(Duration.ofNanos(4));
  }

  @Test
  void what_never_ended_is_not_counted() {
    assertThat(Outages.of(ann.journal())).isEmpty();
    assertThat(Outages.of(ann.ended().connected().journal())).isEmpty();
  }

  @Test
  void an_outage_tells_where_its_time_went() {
    ann.ended().connected().ended();
    ann.connected().resumed("e1", 3, 1).got("e1", 2, "b").got("e1", 3, "c");
    var outage = Outages.of(ann.journal()).getFirst();
    assertThat(outage.connecting()).isEqualTo(Duration.ofNanos(3));
    assertThat(outage.joining()).isEqualTo(Duration.ofNanos(1));
    assertThat(outage.catchingUp()).isEqualTo(Duration.ofNanos(2));
  }

  private static List<Duration> whole(Diary diary) {
    return Outages.of(diary.journal()).stream().map(Outage::whole).toList();
  }
}
