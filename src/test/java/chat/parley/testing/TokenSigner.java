package chat.parley.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service that signs tokens with a private key of its own, and publishes the other half. Immutable. */
public final class TokenSigner {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String algorithm;
  private final String kid;
  private final KeyPair keys;

  private TokenSigner(String algorithm, String kid, KeyPair keys) {
    this.algorithm = algorithm;
    this.kid = kid;
    this.keys = keys;
  }

  /** RS256 by a new key of that name. */
  public static TokenSigner rsa(String kid) {
    return rsa(kid, 2048);
  }

  /** RS256 by a new key of so many bits. */
  public static TokenSigner rsa(String kid, int bits) {
    return make("RS256", kid, "RSA", bits, null);
  }

  /** ES256. */
  public static TokenSigner ec(String kid) {
    return ec(kid, "ES256", "secp256r1");
  }

  /** On another curve than usual. */
  public static TokenSigner ec(String kid, String algorithm, String curve) {
    return make(algorithm, kid, "EC", 0, new ECGenParameterSpec(curve));
  }

  /** EdDSA by Ed25519. */
  public static TokenSigner edwards(String kid) {
    return make("EdDSA", kid, "Ed25519", 255, null);
  }

  /** One of each kind. */
  public static List<TokenSigner> ofEveryKind() {
    return List.of(
        rsa("rsa"),
        ec("p256"),
        ec("p384", "ES384", "secp384r1"),
        ec("p521", "ES512", "secp521r1"),
        edwards("ed"));
  }

  private static TokenSigner make(
      String algorithm, String kid, String kind, int bits, @Nullable AlgorithmParameterSpec curve) {
    try {
      var generator = KeyPairGenerator.getInstance(kind);
      if (curve == null) {
        generator.initialize(bits);
      } else {
        generator.initialize(curve);
      }
      return new TokenSigner(algorithm, kid, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same key, which says it signs by another algorithm. */
  public TokenSigner claiming(String otherAlgorithm) {
    return new TokenSigner(otherAlgorithm, kid, keys);
  }

  /** The same key under another name. */
  public TokenSigner named(String otherKid) {
    return new TokenSigner(algorithm, otherKid, keys);
  }

  /** An hour's token of this user. */
  public String token(String user) {
    long now = System.currentTimeMillis() / 1000;
    return sign(JsonObject.of("sub", user, "iat", now, "exp", now + 3600));
  }

  /** Signs any claims under the usual header. */
  public String sign(JsonObject claims) {
    return sign(JsonObject.of("alg", algorithm, "kid", kid), claims);
  }

  /** Signs any claims under any header. */
  public String sign(JsonObject header, JsonObject claims) {
    var signed = base64(header.encode()) + "." + base64(claims.encode());
    try {
      var signature = Signature.getInstance(jdkName());
      signature.initSign(privateKey());
      signature.update(signed.getBytes(US_ASCII));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String jdkName() {
    return switch (keys.getPublic()) {
      case RSAPublicKey rsa -> "SHA256withRSA";
      case ECPublicKey ec ->
        switch (ec.getParams().getOrder().bitLength()) {
          case 384 -> "SHA384withECDSAinP1363Format";
          case 521 -> "SHA512withECDSAinP1363Format";
          default -> "SHA256withECDSAinP1363Format";
        };
      default -> "Ed25519";
    };
  }

  private PrivateKey privateKey() {
    return keys.getPrivate();
  }

  /** The algorithm's name in tokens. */
  public String algorithm() {
    return algorithm;
  }

  /** The key's name. */
  public String kid() {
    return kid;
  }

  /** The public key as PEM. */
  public String pem() {
    return pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /** The private key as PEM. */
  public String privatePem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String kind, byte[] content) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  /** The public key as a JWK. */
  public JsonObject jwk() {
    var jwk = JsonObject.of("kid", kid, "use", "sig");
    return switch (keys.getPublic()) {
      case RSAPublicKey rsa ->
        jwk.put("kty", "RSA")
            .put("n", base64(unsigned(rsa.getModulus(), 0)))
            .put("e", base64(unsigned(rsa.getPublicExponent(), 0)));
      case ECPublicKey ec -> {
        int bits = ec.getParams().getOrder().bitLength();
        int bytes = (bits + 7) / 8;
        yield jwk.put("kty", "EC")
            .put("crv", "P-" + bits)
            .put("x", base64(unsigned(ec.getW().getAffineX(), bytes)))
            .put("y", base64(unsigned(ec.getW().getAffineY(), bytes)));
      }
      case EdECPublicKey ed -> {
        var encoded = ed.getEncoded();
        yield jwk.put("kty", "OKP")
            .put("crv", "Ed25519")
            .put("x", base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
      }
      default -> throw new AssertionError("no such key");
    };
  }

  /** A set of their public keys. */
  public static JsonObject jwks(TokenSigner... signers) {
    return JsonObject.of(
        "keys", new JsonArray(Stream.of(signers).map(TokenSigner::jwk).toList()));
  }

  private static byte[] unsigned(BigInteger number, int length) {
    var bytes = number.toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    var stripped = Arrays.copyOfRange(bytes, from, bytes.length);
    var padded = new byte[Math.max(length, stripped.length)];
    System.arraycopy(stripped, 0, padded, padded.length - stripped.length, stripped.length);
    return padded;
  }

  private static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }
}
