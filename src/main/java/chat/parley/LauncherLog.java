package chat.parley;

import io.vertx.core.internal.logging.Logger;

/**
 * What the launcher logs, one level lower: that it succeeded is in the banner. A failure comes to our hooks as well, which
 * say it in a sentence, so that here its trace is for those who debug. Thread-safe.
 */
final class LauncherLog implements Logger {
  private final org.slf4j.Logger log;

  LauncherLog(org.slf4j.Logger log) {
    this.log = log;
  }

  @Override
  public String implementation() {
    return "SLF4J";
  }

  @Override
  public boolean isTraceEnabled() {
    return log.isTraceEnabled();
  }

  @Override
  public void trace(Object message) {
    log.trace("{}", message);
  }

  @Override
  public void trace(Object message, Throwable why) {
    log.trace("{}", message, why);
  }

  @Override
  public boolean isDebugEnabled() {
    return log.isDebugEnabled();
  }

  @Override
  public void debug(Object message) {
    log.debug("{}", message);
  }

  @Override
  public void debug(Object message, Throwable why) {
    log.debug("{}", message, why);
  }

  @Override
  public boolean isInfoEnabled() {
    return log.isDebugEnabled();
  }

  @Override
  public void info(Object message) {
    log.debug("{}", message);
  }

  @Override
  public void info(Object message, Throwable why) {
    log.debug("{}", message, why);
  }

  @Override
  public boolean isWarnEnabled() {
    return log.isWarnEnabled();
  }

  @Override
  public void warn(Object message) {
    log.warn("{}", message);
  }

  @Override
  public void warn(Object message, Throwable why) {
    log.warn("{}", message, why);
  }

  @Override
  public void error(Object message) {
    log.error("{}", message);
  }

  @Override
  public void error(Object message, Throwable why) {
    log.debug("{}", message, why);
  }
}
