package chat.parley.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import chat.parley.auth.Authenticator.BadToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A token taken apart (RFC 7515, compact form), its signature not checked yet. Of its header only {@code alg} and {@code kid} are
 * heeded: a key or an address of one that a token brings along is nobody's word but its own. Immutable by agreement.
 *
 * @param kid the name of the key, or null
 * @param signed what the signature is of
 */
record SignedToken(
    Algorithm algorithm, @Nullable String kid, byte[] signed, byte[] signature, byte[] payload) {
  /** A longer token is not looked at: its parts are parsed before its signature is known to be right. */
  static final int MAX_LENGTH = 8192;

  private static final int MAX_KID = 256;
  private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

  /** @throws BadToken if it is none */
  static SignedToken parse(String token) {
    if (token.length() > MAX_LENGTH) {
      throw new BadToken("the token is longer than " + MAX_LENGTH + " characters");
    }
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 1 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      throw new BadToken("the token is not a JWT: three parts with dots between them");
    }
    var header = json(decode(token.substring(0, first)));
    if (header.containsKey("crit")) {
      throw new BadToken("the token's header has \"crit\", which is not understood here");
    }
    return new SignedToken(
        algorithm(header),
        kid(header),
        token.substring(0, second).getBytes(US_ASCII),
        decode(token.substring(second + 1)),
        decode(token.substring(first + 1, second)));
  }

  private static Algorithm algorithm(JsonObject header) {
    var algorithm = header.getValue("alg") instanceof String named ? Algorithm.named(named) : null;
    if (algorithm == null) {
      throw new BadToken("the token's alg is not one that is accepted");
    }
    return algorithm;
  }

  private static @Nullable String kid(JsonObject header) {
    var kid = header.getValue("kid");
    if (kid == null || (kid instanceof String text && text.length() <= MAX_KID)) {
      return (String) kid;
    }
    throw new BadToken("the token's kid is not a text of at most " + MAX_KID + " characters");
  }

  /** What it claims; to be believed only once the signature was found right. */
  JsonObject claims() {
    return json(payload);
  }

  private static byte[] decode(String part) {
    try {
      return BASE64.decode(part);
    } catch (IllegalArgumentException e) {
      throw new BadToken("the token is not a JWT: not base64url");
    }
  }

  private static JsonObject json(byte[] bytes) {
    try {
      return new JsonObject(Buffer.buffer(bytes));
    } catch (DecodeException | ClassCastException e) {
      throw new BadToken("the token is not a JWT: not JSON inside");
    }
  }
}
