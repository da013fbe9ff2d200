package chat.parley.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports to listen on that nobody uses, and that no outgoing connection takes before the listener comes: they lie below the
 * system's ephemeral range. No port is given out twice in one JVM. Thread-safe: a concurrent set.
 */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /** One free loopback port. */
  public static int one() {
    while (GIVEN.size() < END - FIRST) {
      var port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (GIVEN.add(port) && free(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + FIRST + " and " + END);
  }

  /** So many distinct free loopback ports. */
  public static List<Integer> of(int count) {
    return IntStream.range(0, count).mapToObj(i -> one()).toList();
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
