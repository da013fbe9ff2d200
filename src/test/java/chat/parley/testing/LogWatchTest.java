package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogWatchTest {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatchTest.class);

  @Test
  void an_error_nobody_expected_fails_the_test() {
    var watch = new LogWatch().expect("disk (is )?full");
    watch.watch();
    LOG.warn("a warning is no error");
    LOG.error("disk full");
    assertThat(watch.surprises()).isEmpty();
    LOG.error("disk on fire", new IllegalStateException("hot"));
    assertThatThrownBy(watch::judge)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("LogWatchTest: disk on fire", "IllegalStateException: hot");
  }

  @Test
  void a_test_without_errors_passes_and_later_ones_are_not_its_own() {
    var watch = new LogWatch();
    watch.watch();
    watch.judge();
    LOG.error("long after");
    assertThatCode(watch::judge).doesNotThrowAnyException();
  }
}
