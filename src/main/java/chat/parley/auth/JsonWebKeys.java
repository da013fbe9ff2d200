package chat.parley.auth;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a set of public keys (RFC 7517). What it can't use is skipped, for such sets hold keys for other purposes too; a
 * shared secret in one is never a key. Pure.
 */
final class JsonWebKeys {
  private static final Logger log = LoggerFactory.getLogger(JsonWebKeys.class);

  private static final int MOST = 100;

  private JsonWebKeys() {}

  /** @throws IllegalArgumentException if this is no set of keys */
  static KeySet parse(Buffer json) {
    var keys = new ArrayList<TokenKey>();
    for (var one : list(json)) {
      try {
        if (one instanceof JsonObject jwk && isForSignatures(jwk)) {
          keys.add(key(jwk));
        }
      } catch (GeneralSecurityException | RuntimeException e) {
        log.debug("A key of the JWKS is not used: {}", e.getMessage());
      }
    }
    return new KeySet(keys);
  }

  private static JsonArray list(Buffer json) {
    try {
      if (new JsonObject(json).getValue("keys") instanceof JsonArray list) {
        if (list.size() > MOST) {
          throw new IllegalArgumentException("a JWKS of more than " + MOST + " keys");
        }
        return list;
      }
    } catch (DecodeException | ClassCastException e) {
      // Said below.
    }
    throw new IllegalArgumentException("not a JWKS: expected is {\"keys\": […]}");
  }

  private static boolean isForSignatures(JsonObject jwk) {
    var use = jwk.getString("use");
    return use == null || use.equals("sig");
  }

  private static TokenKey key(JsonObject jwk) throws GeneralSecurityException {
    var key = publicKey(jwk);
    var kid = jwk.getString("kid");
    var named = jwk.getString("alg");
    if (named == null) {
      return TokenKey.ofPublic(kid, key);
    }
    var algorithm = Algorithm.named(named);
    if (algorithm == null) {
      throw new IllegalArgumentException("it is for " + named + ", which is not accepted");
    }
    return TokenKey.ofPublic(kid, key, algorithm);
  }

  private static PublicKey publicKey(JsonObject jwk) throws GeneralSecurityException {
    var kind = String.valueOf(jwk.getString("kty"));
    return switch (kind) {
      case "RSA" ->
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
      case "EC" ->
        KeyFactory.getInstance("EC")
            .generatePublic(new ECPublicKeySpec(
                new ECPoint(number(jwk, "x"), number(jwk, "y")), Algorithm.curve(curve(jwk))));
      case "OKP" -> edwards(jwk);
      default ->
        throw new IllegalArgumentException("its kty is " + kind + "; expected is RSA, EC or OKP");
    };
  }

  private static String curve(JsonObject jwk) {
    var curve = String.valueOf(jwk.getString("crv"));
    return switch (curve) {
      case "P-256" -> "secp256r1";
      case "P-384" -> "secp384r1";
      case "P-521" -> "secp521r1";
      default ->
        throw new IllegalArgumentException(
            "its crv is " + curve + "; expected is P-256, P-384 or P-521");
    };
  }

  /** Little-endian, the highest bit being the sign of x (RFC 8032 §5.1.2). */
  private static PublicKey edwards(JsonObject jwk) throws GeneralSecurityException {
    if (!"Ed25519".equals(jwk.getString("crv"))) {
      throw new IllegalArgumentException("its crv is not Ed25519");
    }
    byte[] point = bytes(jwk, "x");
    if (point.length != 32) {
      throw new IllegalArgumentException("its x is not of 32 bytes");
    }
    byte[] y = new byte[32];
    for (int i = 0; i < y.length; i++) {
      y[i] = point[point.length - 1 - i];
    }
    boolean odd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new EdECPublicKeySpec(
            NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
  }

  private static BigInteger number(JsonObject jwk, String part) {
    return new BigInteger(1, bytes(jwk, part));
  }

  private static byte[] bytes(JsonObject jwk, String part) {
    @Nullable String text = jwk.getString(part);
    if (text == null) {
      throw new IllegalArgumentException("it lacks " + part);
    }
    return Base64.getUrlDecoder().decode(text);
  }
}
