package chat.parley.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.parley.audit.Audit.Event;
import chat.parley.audit.Audit.Who;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditTest {
  private static final Who EVE = new Who("192.0.2.7", "", "eve");

  private final Logger logger = (Logger) LoggerFactory.getLogger("parley.security");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nanos;
  private final Audit audit = new Audit(() -> nanos);

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private List<String> told() {
    return lines.list.stream()
        .map(line -> line.getKeyValuePairs().stream()
            .map(pair -> pair.key + "=" + pair.value)
            .collect(Collectors.joining(" ")))
        .toList();
  }

  @Test
  void a_line_says_who_from_where_and_what() {
    audit.tell(Event.ROOM_REFUSED, EVE, "staff", "needs more");
    assertThat(told())
        .containsExactly("event=room_refused address=192.0.2.7 user=eve room=staff why=needs more");
  }

  @Test
  void what_others_chose_cannot_write_a_line_of_its_own() {
    audit.tell(
        Event.ORIGIN_REFUSED,
        new Who("", "", "e\nv\u202ee"),
        null,
        "http://x\" event=\"fake\\\r\n");
    assertThat(told())
        .containsExactly("event=origin_refused user=e?v?e why=http://x? event=?fake???");
  }

  @Test
  void who_causes_many_causes_a_few_lines_and_a_count_of_the_rest() {
    for (int i = 0; i < 1_000; i++) {
      audit.tell(Event.TOKEN_REFUSED, EVE, null, "bad");
    }
    audit.tell(Event.BANNED, EVE, "lobby", "banned");
    assertThat(lines.list).hasSize(Audit.RATE + 1);
    nanos = 1_500_000_000L;
    audit.tell(Event.TOKEN_REFUSED, EVE, null, "bad");
    assertThat(told().getLast()).endsWith("leftOut=" + (1_000 - Audit.RATE));
  }
}
