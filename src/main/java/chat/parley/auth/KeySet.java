package chat.parley.auth;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys whose tokens are accepted. Immutable. */
public final class KeySet {
  /** None. */
  static final KeySet EMPTY = new KeySet(List.of());

  private final List<TokenKey> keys;

  KeySet(List<TokenKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** The one secret, which signs and checks. */
  public static KeySet ofSecret(String secret) {
    return new KeySet(List.of(TokenKey.ofSecret(secret)));
  }

  /** These and those. */
  public KeySet and(KeySet others) {
    return new KeySet(Stream.concat(keys.stream(), others.keys.stream()).toList());
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  int size() {
    return keys.size();
  }

  /** Whether one of them may have signed a token with this header. */
  boolean fits(Algorithm algorithm, @Nullable String kid) {
    return keys.stream().anyMatch(key -> key.fits(algorithm, kid));
  }

  /** Whether one of them has signed this, by the algorithm and the name in the token's header. */
  boolean verify(Algorithm algorithm, @Nullable String kid, byte[] signed, byte[] signature) {
    return keys.stream()
        .filter(key -> key.fits(algorithm, kid))
        .anyMatch(key -> key.verifies(signed, signature));
  }

  /** Whether one of them goes by that name. */
  boolean knows(String kid) {
    return keys.stream().anyMatch(key -> key.isNamed(kid));
  }

  /** The algorithms that they are for: {@code HS256, ES256}. */
  String algorithms() {
    return keys.stream()
        .map(key -> key.algorithm().wire())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** Their algorithms and names: {@code ES256 key-1, EdDSA key-2}. */
  @Override
  public String toString() {
    return keys.stream().map(TokenKey::toString).collect(Collectors.joining(", "));
  }
}
