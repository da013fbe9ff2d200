package chat.parley.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Public keys as PEM, one or several, in a file or written out. Pure. */
public final class PemKeys {
  private static final String BEGIN = "-----BEGIN ";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private PemKeys() {}

  /**
   * The keys that are named. Reads files, so not on an event loop.
   *
   * @param filesOrPem each a file's name, or the PEM itself, in which {@code \n} may stand for a new line
   * @throws IllegalArgumentException if one can't be read, or holds no public key that is accepted; says what would be right
   */
  public static KeySet read(List<String> filesOrPem) {
    var keys = new ArrayList<TokenKey>();
    filesOrPem.forEach(one -> keys.addAll(one.contains(BEGIN) ? parse(one) : parse(load(one))));
    return new KeySet(keys);
  }

  private static String load(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file " + file + " can't be read", e);
    }
  }

  private static List<TokenKey> parse(String pem) {
    var blocks = BLOCK.matcher(pem.replace("\\n", "\n"));
    var keys = new ArrayList<TokenKey>();
    while (blocks.find()) {
      keys.add(TokenKey.ofPublic(null, key(blocks.group(1), blocks.group(2), blocks.group())));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no PEM: it has to hold -----BEGIN PUBLIC KEY-----");
    }
    return keys;
  }

  private static PublicKey key(String kind, String base64, String block) {
    if (kind.endsWith("PRIVATE KEY")) {
      throw new IllegalArgumentException(
          "a private key: a node needs only the public one, which openssl pkey -pubout makes of it");
    }
    try {
      return switch (kind) {
        case "PUBLIC KEY" -> key(Base64.getMimeDecoder().decode(base64));
        case "CERTIFICATE" ->
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.getBytes(US_ASCII)))
              .getPublicKey();
        default ->
          throw new IllegalArgumentException(
              "a PEM of " + kind + ": expected is a PUBLIC KEY or a CERTIFICATE");
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a PEM whose content is no public key", e);
    }
  }

  private static PublicKey key(byte[] encoded) throws GeneralSecurityException {
    var spec = new X509EncodedKeySpec(encoded);
    for (var kind : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(spec);
      } catch (InvalidKeySpecException e) {
        // Of another kind, perhaps.
      }
    }
    throw new IllegalArgumentException(
        "not an RSA key, a key on P-256, P-384 or P-521, or an Ed25519 key");
  }
}
