package chat.parley.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails even a passing test if an error was logged meanwhile that the test did not expect. For tests whose nodes live in
 * this JVM: {@code @RegisterExtension final LogWatch log = new LogWatch();}. Thread-safe: concurrent lists.
 */
public final class LogWatch implements BeforeEachCallback, AfterEachCallback {
  private final List<Pattern> expected = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private volatile boolean traces;
  private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)
          || (traces && event.getThrowableProxy() != null)) {
        errors.add(text(event));
      }
    }
  };

  /** Errors whose text ({@code logger: message [thrown]}) this regular expression is found in are no surprise. */
  public LogWatch expect(String regex) {
    expected.add(Pattern.compile(regex));
    return this;
  }

  /** Takes a stack trace for an error, whatever its level. */
  public LogWatch withTraces() {
    traces = true;
    return this;
  }

  /** The errors so far that nobody expected. */
  public List<String> surprises() {
    return errors.stream()
        .filter(error ->
            expected.stream().noneMatch(pattern -> pattern.matcher(error).find()))
        .toList();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    watch();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    judge();
  }

  void watch() {
    appender.start();
    root().addAppender(appender);
  }

  void judge() {
    root().detachAppender(appender);
    appender.stop();
    var surprises = surprises();
    if (!surprises.isEmpty()) {
      throw new AssertionError("errors were logged:\n  " + String.join("\n  ", surprises));
    }
  }

  private static String text(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    var text = event.getLoggerName() + ": " + event.getFormattedMessage();
    return thrown == null
        ? text
        : text + " [" + thrown.getClassName() + ": " + thrown.getMessage() + "]";
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
