package chat.parley;

import chat.parley.config.Config;
import java.net.BindException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a node did not start, in a sentence for an operator. Pure. */
final class StartFailure {
  /** What Netty's native transports put before the system's own words. */
  private static final Pattern NATIVE =
      Pattern.compile("^bind\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private StartFailure() {}

  /** Of a node that could not be deployed; {@code why} null: it took too long. */
  static String ofNode(@Nullable Throwable why, Config config) {
    var http = config.http();
    if (why != null && isAddress(root(why))) {
      return "Parley could not start: %s:%d can't be listened on: %s. Set http.host and http.port to an address of this machine and a port that is free."
          .formatted(http.host(), http.port(), message(why));
    }
    return "Parley could not start: " + message(why) + ".";
  }

  /** Of Vert.x itself, which is where the cluster is joined; {@code why} null: it took too long. */
  static String ofVertx(@Nullable Throwable why, Config config) {
    var cluster = config.cluster();
    if (why != null && isAddress(root(why))) {
      return "Parley could not start: the cluster's ports at %s (cluster.port %d, cluster.busPort %d) can't be listened on: %s."
          .formatted(cluster.host(), cluster.port(), cluster.busPort(), message(why));
    }
    return "Parley could not start: " + message(why) + ".";
  }

  /** Netty's native transports have an exception of their own for it. */
  private static boolean isAddress(Throwable root) {
    return root instanceof BindException || String.valueOf(root.getMessage()).startsWith("bind(");
  }

  private static String message(@Nullable Throwable why) {
    if (why == null) {
      return "it was not ready within two minutes";
    }
    var root = root(why);
    String kind = root.getClass().getSimpleName();
    String message = root.getMessage();
    if (message == null) {
      return kind;
    }
    return message.contains(" ") ? NATIVE.matcher(message).replaceFirst("") : kind + " " + message;
  }

  private static Throwable root(Throwable why) {
    var root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
