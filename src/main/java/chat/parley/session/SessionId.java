package chat.parley.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable names. Thread-safe: {@link SecureRandom} is. */
final class SessionId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionId() {}

  /** 128 random bits, 22 URL-safe characters. */
  static String next() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
