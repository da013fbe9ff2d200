package chat.parley;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first one ends the process in order, which takes a while, the second one at once. The JVM itself ignores the second. Its signals are in a
 * package that the compiler warns of, hence by reflection; where they are missing, the JVM does as it always does. Thread-safe: an atomic flag.
 */
final class Signals {
  /** The exit code of a process that was told twice to end. */
  static final int AT_ONCE = 16;

  private static final Logger log = LoggerFactory.getLogger("parley");

  /** What a shell makes of a program that a signal has ended: 128 and its number. */
  private static final Map<String, Integer> CODES = Map.of("TERM", 143, "INT", 130);

  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private Signals() {}

  static void obey() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      for (var code : CODES.entrySet()) {
        var obeying = Proxy.newProxyInstance(
            Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
              if (method.getName().equals("handle")) {
                end(code.getValue());
              }
              return null;
            });
        var which = signal.getConstructor(String.class).newInstance(code.getKey());
        signal.getMethod("handle", signal, handler).invoke(null, which, obeying);
      }
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InstantiationException
        | InvocationTargetException unknown) {
      log.debug("A second signal will not hurry this process", unknown);
    }
  }

  /** Runs on a thread of its own for each signal. */
  private static void end(int code) {
    if (ENDING.compareAndSet(false, true)) {
      System.exit(code);
    } else {
      log.warn("Told twice to end: ends without taking leave");
      Runtime.getRuntime().halt(AT_ONCE);
    }
  }
}
