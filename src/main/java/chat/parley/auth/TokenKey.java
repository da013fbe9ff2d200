package chat.parley.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key and the one algorithm that it is for: a token can't choose another one, so that a public key is never taken for a shared
 * secret. Thread-safe: each check uses a {@link Signature} of its own.
 */
final class TokenKey {
  private final Algorithm algorithm;
  private final @Nullable String kid;
  private final Key key;

  private TokenKey(Algorithm algorithm, @Nullable String kid, Key key) {
    this.algorithm = algorithm;
    this.kid = kid;
    this.key = key;
  }

  /** A secret that signs and checks (HS256). */
  static TokenKey ofSecret(String secret) {
    return new TokenKey(
        Algorithm.HS256, null, new SecretKeySpec(secret.getBytes(UTF_8), Algorithm.HS256.jdk()));
  }

  /**
   * A public key, for the algorithm that its kind is for.
   *
   * @throws IllegalArgumentException if keys of that kind are not accepted; says which are
   */
  static TokenKey ofPublic(@Nullable String kid, PublicKey key) {
    return new TokenKey(Algorithm.of(key), kid, key);
  }

  /**
   * A public key for this algorithm.
   *
   * @throws IllegalArgumentException if it can't be for that one
   */
  static TokenKey ofPublic(@Nullable String kid, PublicKey key, Algorithm algorithm) {
    if (!algorithm.fits(key)) {
      throw new IllegalArgumentException("a key that can't be for " + algorithm.wire());
    }
    return new TokenKey(algorithm, kid, key);
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether it may have signed a token with this header. */
  boolean fits(Algorithm asked, @Nullable String askedKid) {
    return algorithm == asked && (askedKid == null || kid == null || kid.equals(askedKid));
  }

  /** Whether it goes by that name. */
  boolean isNamed(String name) {
    return name.equals(kid);
  }

  boolean verifies(byte[] signed, byte[] signature) {
    if (!algorithm.hasLength(signature.length)) {
      return false;
    }
    try {
      return key instanceof PublicKey open
          ? verifies(open, signed, signature)
          : MessageDigest.isEqual(mac(signed), signature);
    } catch (SignatureException | InvalidKeyException e) {
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks " + algorithm.jdk(), e);
    }
  }

  private boolean verifies(PublicKey open, byte[] signed, byte[] signature)
      throws NoSuchAlgorithmException, InvalidKeyException, SignatureException {
    var check = Signature.getInstance(algorithm.jdk());
    check.initVerify(open);
    check.update(signed);
    return check.verify(signature);
  }

  /** Signs with the secret. */
  byte[] sign(byte[] text) {
    try {
      return mac(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Bug: not a secret", e);
    }
  }

  private byte[] mac(byte[] text) throws NoSuchAlgorithmException, InvalidKeyException {
    var mac = Mac.getInstance(algorithm.jdk());
    mac.init(key);
    return mac.doFinal(text);
  }

  /** Without the key itself. */
  @Override
  public String toString() {
    return algorithm.wire() + (kid == null ? "" : " " + kid);
  }
}
