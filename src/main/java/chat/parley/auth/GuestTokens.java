package chat.parley.auth;

import chat.parley.auth.Identity.Role;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Gives a token to whoever asks, under a nickname; the user behind it is a new one unless a guest's token is shown. Thread-safe: has
 * no state but the key.
 */
public final class GuestTokens {
  /** How long a guest may stay on one token. */
  public static final Duration LIFETIME = Duration.ofHours(24);

  /** 72 bits: nobody meets another's by chance or by trying. */
  private static final int ID_BYTES = 9;

  private static final String PREFIX = "guest-";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JWTAuth signer;
  private final InstantSource clock;

  /**
   * Makes one.
   *
   * @param secret the one that {@link JwtAuthenticator} checks by
   */
  public GuestTokens(Vertx vertx, String secret, InstantSource clock) {
    this.signer = Tokens.of(vertx, secret);
    this.clock = clock;
  }

  /**
   * A new guest's token.
   *
   * @param nickname as typed; what could deceive others (control characters, text direction) is taken out
   * @throws IllegalArgumentException if what is left is not of 1–64 characters; the message is for the guest
   */
  public String issue(String nickname) {
    return issue(PREFIX + id(), nickname);
  }

  /**
   * The same guest's token for another while; whoever is no guest of ours becomes a new one.
   *
   * @param before whose token was shown, checked already
   * @throws IllegalArgumentException as {@link #issue}
   */
  public String renew(Identity before, String nickname) {
    // What our guests' tokens look like: no other one may be prolonged or widened here.
    boolean guest = before.user().startsWith(PREFIX)
        && before.rooms() == null
        && before.role() == Role.MEMBER
        && before.expires() != null;
    return guest ? issue(before.user(), nickname) : issue(nickname);
  }

  private String issue(String user, String nickname) {
    String name = DisplayName.clean(nickname);
    if (name.isEmpty() || name.length() > DisplayName.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a name has 1–" + DisplayName.MAX_LENGTH + " visible characters");
    }
    long now = clock.instant().getEpochSecond();
    var claims = new JsonObject()
        .put("sub", user)
        .put("name", name)
        .put("iat", now)
        .put("exp", now + LIFETIME.toSeconds());
    return signer.generateToken(claims, new JWTOptions().setAlgorithm(Tokens.ALGORITHM));
  }

  private static String id() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
