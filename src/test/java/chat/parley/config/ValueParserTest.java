package chat.parley.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueParserTest {
  @ParameterizedTest
  @CsvSource({
    "publish.timeout, 500ms, PT0.5S",
    "publish.timeout, 3, PT3S",
    "drain.seconds, 30s, PT30S",
    "drain.seconds, ' 7 s ', PT7S",
    "history.age, 5m, PT5M",
    "history.age, 24h, PT24H",
    "history.age, 2d, PT48H"
  })
  void a_duration_has_a_unit_or_is_in_seconds(String key, String text, Duration expected) {
    assertThat(parse(key, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "history.age, -1s",
    "history.age, 1w",
    "history.age, 1.5h",
    "history.age, 9999999999999999d",
    "history.age, 999999999999999d",
    "history.age, ''",
    "history.age, 0s",
    "http.port, 1.5",
    "http.port, 65536",
    "http.port, -1",
    "http.port, 99999999999",
    "http.port, 0x10",
    "http.port, ''",
    "auth.guests, yes",
    "auth.guests, 1",
    "log.level, loud"
  })
  void what_does_not_fit_is_refused(String key, String text) {
    assertThat(parse(key, text)).isNull();
  }

  @Test
  void json_may_hold_the_types_themselves_or_their_text() {
    assertThat(parse("http.port", 80)).isEqualTo(80);
    assertThat(parse("http.port", "80")).isEqualTo(80);
    assertThat(parse("auth.guests", true)).isEqualTo(true);
    assertThat(parse("drain.seconds", 30)).isEqualTo(Duration.ofSeconds(30));
    assertThat(parse("origins", List.of("a", "b"))).isEqualTo(List.of("a", "b"));
    assertThat(parse("log.format", "JSON")).isEqualTo(Config.Log.Format.JSON);
  }

  @Test
  void json_of_another_type_is_refused() {
    assertThat(parse("http.port", 80.5)).isNull();
    assertThat(parse("http.port", List.of(80))).isNull();
    assertThat(parse("http.port", Map.of())).isNull();
    assertThat(parse("http.host", 80)).isNull();
    assertThat(parse("origins", List.of("a", 1))).isNull();
    assertThat(parse("origins", new JsonArray())).isNull();
  }

  @Test
  void a_value_is_shown_as_it_would_be_written() {
    for (var text : List.of("500ms", "45s", "5m", "1h", "0s")) {
      assertThat(ValueParser.show(parse("drain.seconds", text))).isEqualTo(text);
    }
    assertThat(ValueParser.show(null)).isEmpty();
    assertThat(ValueParser.show(List.of("a", "b"))).isEqualTo("a,b");
    assertThat(ValueParser.show(Config.Log.Level.WARN)).isEqualTo("warn");
  }

  @Test
  void what_is_wanted_is_said_in_words_whatever_the_locale() {
    var before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(ValueParser.expected(key("limits.frame"))).isEqualTo("1024–16,777,216 bytes");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void every_key_accepts_its_own_default_and_every_variable_is_another() {
    var keys = Keys.of(Config.class);
    for (var key : keys) {
      var value = ValueParser.byDefault(key);
      assertThat(value != null || key.optional()).as(key.name()).isTrue();
    }
    assertThat(keys.stream().map(Key::variable)).doesNotHaveDuplicates();
  }

  private static @Nullable Object parse(String key, Object raw) {
    return ValueParser.parse(key(key), raw);
  }

  private static Key key(String name) {
    return Keys.of(Config.class).stream()
        .filter(key -> key.name().equals(name))
        .findAny()
        .orElseThrow();
  }
}
