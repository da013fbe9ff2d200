package chat.parley.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import chat.parley.auth.Identity.Role;
import io.vertx.core.json.JsonObject;
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
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER =
      BASE64.encodeToString("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(US_ASCII));

  private final TokenKey key;
  private final TokenRules rules;
  private final InstantSource clock;

  /**
   * Makes one.
   *
   * @param secret the one that {@link JwtAuthenticator} checks by
   * @param rules what it asks of a token
   */
  public GuestTokens(String secret, TokenRules rules, InstantSource clock) {
    this.key = TokenKey.ofSecret(secret);
    this.rules = rules;
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
    boolean guest = before.guest()
        && before.user().startsWith(PREFIX)
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
        .put("guest", true)
        .put("jti", id())
        .put("iat", now)
        .put("exp", now + lifetime().toSeconds());
    rules.audience().stream().findFirst().ifPresent(aud -> claims.put("aud", aud));
    rules.issuer().stream().findFirst().ifPresent(iss -> claims.put("iss", iss));
    return sign(claims);
  }

  private Duration lifetime() {
    boolean shorter = !rules.lifetime().isZero() && rules.lifetime().compareTo(LIFETIME) < 0;
    return shorter ? rules.lifetime() : LIFETIME;
  }

  private String sign(JsonObject claims) {
    String signed = HEADER + "." + BASE64.encodeToString(claims.toBuffer().getBytes());
    return signed + "." + BASE64.encodeToString(key.sign(signed.getBytes(US_ASCII)));
  }

  private static String id() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return BASE64.encodeToString(bytes);
  }
}
