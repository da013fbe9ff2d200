package chat.parley.auth;

import java.time.Duration;
import java.util.List;

/**
 * What a token must say beside who it is for. Immutable.
 *
 * @param audience one of these has to be in {@code aud}; empty: whatever it says
 * @param issuer one of these has to be {@code iss}; empty: whatever it says
 * @param leeway by how much the issuer's clock may be off
 * @param lifetime how long a token may still run when it is shown; zero: for ever
 */
public record TokenRules(
    List<String> audience, List<String> issuer, Duration leeway, Duration lifetime) {
  /** Whatever it says, by an exact clock. */
  public static final TokenRules NONE =
      new TokenRules(List.of(), List.of(), Duration.ZERO, Duration.ZERO);

  public TokenRules {
    audience = List.copyOf(audience);
    issuer = List.copyOf(issuer);
  }
}
