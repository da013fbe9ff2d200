package chat.parley;

import chat.parley.config.Config;
import chat.parley.config.Loaded;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;

/** What a node says of itself once it is ready. Pure. */
final class Banner {
  private Banner() {}

  /** {@code Parley 0.1.0 (Vert.x 5.0.8, Java 25)}. */
  static String version() {
    return "Parley %s (Vert.x %s, Java %s)"
        .formatted(release(), VertxInternal.version(), Runtime.version().feature());
  }

  /** {@code 0.1.0}. */
  static String release() {
    String own = Banner.class.getPackage().getImplementationVersion();
    return own == null ? "from its classes" : own;
  }

  /**
   * The banner, several lines.
   *
   * @param port the port it listens on
   * @param members nodes in the cluster, this one included; 0: not clustered
   */
  static String text(Loaded loaded, int port, int members) {
    var config = loaded.config();
    var lines = new ArrayList<String>();
    lines.add(version() + " is ready");
    lines.add(line("address", address(config.http(), port)));
    lines.add(line("cluster", cluster(config, members)));
    lines.add(line(
        "guests", config.auth().guests() ? "may come in" : "may not come in: a token is needed"));
    return String.join(System.lineSeparator(), lines);
  }

  private static String line(String name, String text) {
    return "  %-9s%s".formatted(name, text);
  }

  private static String address(Config.Http http, int port) {
    String host = http.host();
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere || host.equals("127.0.0.1") ? "localhost" : host;
    String shown = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    return (http.tls().isOn() ? "https://" : "http://") + shown + ":" + port
        + (everywhere ? " and every other address of this machine" : "");
  }

  private static String cluster(Config config, int members) {
    if (members == 0) {
      return "none: this node is on its own (-cluster joins others)";
    }
    return "%s, %d %s, this one at %s:%d"
        .formatted(
            config.cluster().name(),
            members,
            members == 1 ? "node" : "nodes",
            config.cluster().host(),
            config.cluster().port());
  }
}
