package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real DNS server, dnsmasq, with one name whose addresses change, as a headless service's do. Confined to the test's thread. */
public final class DnsServer implements AutoCloseable {
  private final ChildProcess process;
  private final Path hosts;
  private final String name;

  private DnsServer(ChildProcess process, Path hosts, String name) {
    this.process = process;
    this.hosts = hosts;
    this.name = name;
  }

  /** Skips the test where there is none, and says so; with {@code CI=true} the test fails. */
  public static void assumeInstalled() {
    Program.assumeInstalled("dnsmasq", "dnsmasq-base");
  }

  /** Starts it at port 53 of this address; at first nobody has the name. */
  public static DnsServer start(String test, String address, String name) {
    var directory = Path.of("target", "dns", test).toAbsolutePath();
    var hosts = directory.resolve("hosts");
    write(hosts, "");
    var command = List.of(
        Program.path("dnsmasq"),
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--pid-file",
        "--log-facility=-",
        "--user=root",
        "--no-resolv",
        "--no-hosts",
        "--addn-hosts=" + hosts,
        "--local=/cluster.local/",
        "--local-ttl=1",
        "--listen-address=" + address,
        "--bind-interfaces");
    var log = Path.of("target", "logs", test, "dns.log");
    var server = new DnsServer(ChildProcess.start(command, Map.of(), log), hosts, name);
    Await.until("dnsmasq to listen", Await.SOON, () -> server.listens(address));
    return server;
  }

  private boolean listens(String address) {
    if (!process.alive()) {
      throw new AssertionError("dnsmasq ended\n" + process.tail());
    }
    return Shell.run("ss", "-lun").contains(address + ":53 ");
  }

  /** From now on the name has these addresses. */
  public void publish(List<String> addresses) {
    write(
        hosts,
        addresses.stream().map(one -> one + " " + name + "\n").collect(Collectors.joining()));
    process.signal("HUP");
  }

  /** In one step: dnsmasq may read at any time. */
  private static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      var next = Files.writeString(file.resolveSibling("next"), content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.end();
  }
}
