package chat.parley.auth;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * How a token may be signed (RFC 7518, RFC 8037), under the JDK's name for it. {@code none} is not among them. Immutable.
 */
enum Algorithm {
  HS256("HS256", "HmacSHA256", 32),
  RS256("RS256", "SHA256withRSA", 0),
  RS384("RS384", "SHA384withRSA", 0),
  RS512("RS512", "SHA512withRSA", 0),
  ES256("ES256", "SHA256withECDSAinP1363Format", 64),
  ES384("ES384", "SHA384withECDSAinP1363Format", 96),
  ES512("ES512", "SHA512withECDSAinP1363Format", 132),
  EDDSA("EdDSA", "Ed25519", 64);

  private static final int RSA_BITS = 2048;

  private final String wire;
  private final String jdk;
  private final int length;

  /** @param length of a signature in bytes; 0: as long as the key */
  Algorithm(String wire, String jdk, int length) {
    this.wire = wire;
    this.jdk = jdk;
    this.length = length;
  }

  /** As in a token's header. */
  String wire() {
    return wire;
  }

  String jdk() {
    return jdk;
  }

  /** Whether a check takes longer than an event loop should spend on it. */
  boolean isSlow() {
    return this != HS256;
  }

  /** Whether a signature may be that long. */
  boolean hasLength(int bytes) {
    return length == 0 || length == bytes;
  }

  /** The algorithm of that name, exactly; null if it is none of these. */
  static @Nullable Algorithm named(@Nullable String wire) {
    for (var one : values()) {
      if (one.wire.equals(wire)) {
        return one;
      }
    }
    return null;
  }

  /**
   * What a public key is for, where nothing else says it.
   *
   * @throws IllegalArgumentException for a key of a kind or a strength that is not accepted; says which are
   */
  static Algorithm of(Key key) {
    if (key instanceof RSAKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < RSA_BITS) {
        throw new IllegalArgumentException(
            "an RSA key of " + bits + " bits: too weak, " + RSA_BITS + " are the least");
      }
      return RS256;
    }
    if (key instanceof ECKey ec) {
      return ofCurve(ec.getParams());
    }
    if (key instanceof EdECPublicKey edwards
        && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
      return EDDSA;
    }
    throw new IllegalArgumentException(
        "not an RSA key, a key on P-256, P-384 or P-521, or an Ed25519 key");
  }

  private static Algorithm ofCurve(ECParameterSpec params) {
    if (isCurve("secp256r1", params)) {
      return ES256;
    } else if (isCurve("secp384r1", params)) {
      return ES384;
    } else if (isCurve("secp521r1", params)) {
      return ES512;
    }
    throw new IllegalArgumentException("a key on another curve than P-256, P-384 and P-521");
  }

  private static boolean isCurve(String name, ECParameterSpec params) {
    var known = curve(name);
    return known.getCurve().equals(params.getCurve())
        && known.getGenerator().equals(params.getGenerator())
        && known.getOrder().equals(params.getOrder());
  }

  /** The parameters of a curve that every JDK has. */
  static ECParameterSpec curve(String name) {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks the curve " + name, e);
    }
  }

  /** Whether a key of this kind can check signatures of this algorithm: RSA keys serve three. */
  boolean fits(Key key) {
    var own = of(key);
    return own == this || (own == RS256 && (this == RS384 || this == RS512));
  }
}
