package chat.parley.cluster;

import java.security.SecureRandom;
import java.util.Base64;

/** Names for incarnations of nodes. Thread-safe: has no state but the platform's generator. */
public final class NodeId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private NodeId() {}

  /** A new one, as {@link Cluster#nodeId} promises: 12 characters, URL-safe, of 72 random bits. */
  public static String next() {
    var bytes = new byte[9];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
