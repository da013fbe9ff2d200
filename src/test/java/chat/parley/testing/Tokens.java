package chat.parley.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Makes signed tokens (HS256) for tests. Immutable. */
public final class Tokens {
  /** The secret of test nodes: at least the 32 bytes that HS256 wants. */
  public static final String SECRET = "a-test-secret-that-everybody-may-know-0123456789";

  private final JWTAuth signer;
  private final InstantSource clock;

  /** Tokens signed with {@link #SECRET}, lives counted on the system's clock. */
  public Tokens() {
    this(SECRET, InstantSource.system());
  }

  /** Tokens signed with another secret, lives counted on the given clock. */
  public Tokens(String secret, InstantSource clock) {
    var key = new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(secret);
    this.signer = JWTAuth.create(null, new JWTAuthOptions().addPubSecKey(key));
    this.clock = clock;
  }

  /** A member's token, good for an hour. */
  public static String of(String user) {
    return new Tokens().user(user).expiresIn(Duration.ofHours(1)).sign();
  }

  /** An admin's token, good for an hour. */
  public static String admin(String user) {
    return new Tokens().user(user).role("admin").expiresIn(Duration.ofHours(1)).sign();
  }

  /** Begins a token with {@code sub}. */
  public Claims user(String sub) {
    return new Claims(JsonObject.of("sub", sub));
  }

  /** Signs any claims, good or bad. */
  public String sign(JsonObject claims) {
    return signer.generateToken(claims);
  }

  /** The claims of a token in the making. Immutable. */
  public final class Claims {
    private final JsonObject claims;

    private Claims(JsonObject claims) {
      this.claims = claims;
    }

    /** The name shown to others. */
    public Claims name(String name) {
      return with("name", name);
    }

    /** {@code exp}, so long from now; negative: already expired. */
    public Claims expiresIn(Duration life) {
      return expiresAt(clock.instant().plus(life));
    }

    /** {@code exp}. */
    public Claims expiresAt(Instant when) {
      return with("exp", when.getEpochSecond());
    }

    /** Patterns of the rooms allowed. */
    public Claims rooms(String... patterns) {
      return with("rooms", new JsonArray(List.of(patterns)));
    }

    /** {@code member}, {@code moderator} or {@code admin}. */
    public Claims role(String role) {
      return with("role", role);
    }

    /** Any other claim. */
    public Claims with(String claim, Object value) {
      return new Claims(claims.copy().put(claim, value));
    }

    /** The token. */
    public String sign() {
      return Tokens.this.sign(claims);
    }
  }
}
