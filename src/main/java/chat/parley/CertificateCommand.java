package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.http.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code certificate}: makes a certificate for development, signed by its own key, with the JDK's {@code keytool}. Confined to the thread that launches.
 */
@Command(
    name = "java -jar parley.jar " + CertificateCommand.NAME,
    description = "Makes a self-signed certificate for development: cert.pem and key.pem.")
final class CertificateCommand implements Callable<Integer> {
  /** The word that the launcher knows it by. */
  static final String NAME = "certificate";

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9*]([A-Za-z0-9.-]*[A-Za-z0-9])?");
  private static final String ALIAS = "parley";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = {"-out", "--out"},
      paramLabel = "<folder>",
      description = "Where to write them; made if it isn't there. Here, if left out.")
  private Path out = Path.of("");

  @Option(
      names = {"-host", "--host"},
      paramLabel = "<host>",
      split = ",",
      description = "Names and addresses that it is for: localhost, if left out.")
  private List<String> hosts = List.of("localhost");

  @Option(
      names = {"-days", "--days"},
      paramLabel = "<days>",
      description = "How long it is good: 90 days, if left out.")
  private int days = 90;

  @Option(
      names = {"-overwrite", "--overwrite"},
      description = "Writes over files that are there.")
  private boolean overwrite;

  @Option(
      names = {"-help", "--help", "-h"},
      usageHelp = true,
      description = "Says this.")
  @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
  private boolean help;

  /** Does what the arguments behind the word say; the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new CommandLine(new CertificateCommand())
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .setOptionsCaseInsensitive(true)
        .execute(args);
  }

  @Override
  public Integer call() {
    var cert = out.resolve("cert.pem");
    var key = out.resolve("key.pem");
    var names = names();
    if (days < 1 || days > 825) {
      throw wrong(days + " days (expected: 1–825, as browsers take no longer ones)");
    }
    for (var file : List.of(cert, key)) {
      if (Files.exists(file) && !overwrite) {
        throw wrong(file + " is there already (expected: another --out, or --overwrite)");
      }
    }
    try {
      Files.createDirectories(cert.toAbsolutePath().getParent());
      var store = make(names);
      var certificate = (X509Certificate) store.certificates().getCertificate(ALIAS);
      writePrivate(key, pem("PRIVATE KEY", store.key()));
      Files.writeString(cert, pem("CERTIFICATE", certificate.getEncoded()));
      tell(cert, key, names, certificate);
      return 0;
    } catch (IOException | GeneralSecurityException e) {
      throw wrong("the certificate could not be made: " + e.getMessage());
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private Set<String> names() {
    var names = new LinkedHashSet<String>();
    for (var host : hosts) {
      if (Network.bytes(host) == null && !HOST.matcher(host).matches()) {
        throw wrong("\"" + host + "\" is no host (expected: a name or an address)");
      }
      names.add(host);
      if (host.equals("localhost")) {
        names.addAll(List.of("127.0.0.1", "::1"));
      }
    }
    return names;
  }

  /** What keytool has made. */
  private record Made(KeyStore certificates, byte[] key) {}

  private Made make(Set<String> names) throws IOException, GeneralSecurityException {
    var folder = Files.createTempDirectory("parley-certificate");
    var file = folder.resolve("store.p12");
    var password = UUID.randomUUID().toString();
    try {
      keytool(file, password, names);
      var store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, password.toCharArray());
      }
      var key = Objects.requireNonNull(store.getKey(ALIAS, password.toCharArray()));
      return new Made(store, Objects.requireNonNull(key.getEncoded()));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private void keytool(Path store, String password, Set<String> names) throws IOException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var alternatives = names.stream()
        .map(name -> (Network.bytes(name) == null ? "dns:" : "ip:") + name)
        .collect(Collectors.joining(","));
    var command = new ArrayList<>(List.of(tool, "-genkeypair", "-alias", ALIAS));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-dname", "CN=" + names.iterator().next()));
    command.addAll(List.of("-validity", String.valueOf(days), "-ext", "san=" + alternatives));
    command.addAll(List.of("-ext", "eku=serverAuth,clientAuth", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass:env", "STORE_PASSWORD"));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().put("STORE_PASSWORD", password);
    var running = process.start();
    try (var said = running.getInputStream()) {
      var words = new String(said.readAllBytes(), UTF_8);
      if (running.waitFor() != 0) {
        throw new IOException("keytool says: " + words.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String pem(String kind, byte[] content) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
  }

  /** Only its owner may read it, where the file system knows of owners. */
  private static void writePrivate(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void tell(Path cert, Path key, Set<String> names, X509Certificate made) {
    PrintWriter out = spec.commandLine().getOut();
    var end = made.getNotAfter().toInstant().atZone(ZoneOffset.UTC).toLocalDate();
    out.println("Wrote %s and %s: for %s, good until %s."
        .formatted(cert, key, String.join(", ", names), end));
    out.println("For development only: whoever connects has to be told to trust it.");
    out.println();
    out.println("A node with TLS for clients:");
    out.println("  PARLEY_HTTP_TLS_CERT=%s PARLEY_HTTP_TLS_KEY=%s \\".formatted(cert, key));
    out.println("    java -jar target/parley.jar -conf conf/demo.json");
    out.println("Nodes with TLS between them, which trust this very certificate:");
    out.println("  PARLEY_CLUSTER_TLS_CERT=%s PARLEY_CLUSTER_TLS_KEY=%s PARLEY_CLUSTER_TLS_CA=%s \\"
        .formatted(cert, key, cert));
    out.println("    java -jar target/parley.jar -conf conf/demo.json -cluster");
    out.flush();
  }
}
