package chat.parley;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import chat.parley.config.Config;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Gives logback.xml what the configuration says of the log. Pure, but for the process's log. */
final class LogSetup {
  private static final String FORMAT = "parley.log.format";
  private static final String LEVEL = "parley.log.level";
  private static final String ACCESS = "parley.log.access";

  private LogSetup() {}

  /**
   * The first lines were logged before the configuration was known, so the log is set up once more where it says something
   * else than that.
   */
  static void apply(Config.Log log) {
    boolean asIs = log.format() == Config.Log.Format.TEXT
        && log.level() == Config.Log.Level.INFO
        && !log.access();
    if (asIs || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    System.setProperty(FORMAT, log.format().name().toLowerCase(Locale.ROOT));
    System.setProperty(LEVEL, log.level().name());
    System.setProperty(ACCESS, log.access() ? "INFO" : "OFF");
    context.reset();
    try {
      new ContextInitializer(context).autoConfig();
    } catch (JoranException e) {
      throw new IllegalStateException("the log can't be set up", e);
    }
  }
}
