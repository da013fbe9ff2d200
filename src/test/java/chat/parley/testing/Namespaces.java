package chat.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Linux network namespaces on one bridge: each is a machine of its own as far as the network goes, and the way between any
 * two can be cut like a cable, in both directions or in one. This machine reaches all of them, cut or not. Needs root.
 * Confined to the test's thread.
 */
public final class Namespaces implements AutoCloseable {
  private static final Pattern OURS = Pattern.compile("parley-(\\d+)-\\d+-\\d+");

  private final String bridge;
  private final String net;
  private final List<Place> places;
  private final List<String> names;
  private final Thread cleaner = new Thread(this::remove);

  private Namespaces(int size) {
    var pid = ProcessHandle.current().pid();
    var tag = ThreadLocalRandom.current().nextInt(1, 250);
    bridge = "pl" + pid + "b" + tag;
    net = "10.213." + tag + ".";
    names = IntStream.range(0, size)
        .mapToObj(i -> "parley-" + pid + "-" + tag + "-" + i)
        .toList();
    places = IntStream.range(0, size)
        .mapToObj(i -> new Place(net + (i + 1), List.of("ip", "netns", "exec", names.get(i))))
        .toList();
  }

  /** So many namespaces. Where that is not possible the test is skipped and says why; with {@code CI=true} it fails. */
  public static Namespaces of(int size) {
    var missing = missing();
    if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("network namespaces are not possible here: " + missing);
    }
    Assumptions.assumeTrue(
        missing.isEmpty(), () -> "skipped: network namespaces are not possible here: " + missing);
    removeLeftovers();
    var namespaces = new Namespaces(size);
    Runtime.getRuntime().addShutdownHook(namespaces.cleaner);
    try {
      namespaces.create();
    } catch (IllegalStateException e) {
      namespaces.close();
      throw e;
    }
    return namespaces;
  }

  private static String missing() {
    if (!"0".equals(Shell.attempt("id", "-u").output())) {
      return "not root";
    }
    for (var command : List.of(List.of("ip", "netns", "list"), List.of("iptables", "--version"))) {
      try {
        var tried = Shell.attempt(command.toArray(String[]::new));
        if (tried.code() != 0) {
          return String.join(" ", command) + ": " + tried.output();
        }
      } catch (UncheckedIOException e) {
        return "no " + command.getFirst();
      }
    }
    return "";
  }

  /** What a killed test left behind: its process is gone. */
  private static void removeLeftovers() {
    var pids = new ArrayList<String>();
    Shell.run("ip", "netns", "list").lines().forEach(line -> {
      var ours = OURS.matcher(line);
      if (ours.lookingAt() && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
        Shell.attempt("ip", "netns", "del", ours.group());
        forgetEtc(ours.group());
        pids.add(ours.group(1));
      }
    });
    Shell.run("ip", "-o", "link", "show", "type", "bridge")
        .lines()
        .map(line -> line.split(": ", 3)[1])
        .filter(name -> pids.stream().anyMatch(pid -> name.startsWith("pl" + pid + "b")))
        .forEach(name -> Shell.attempt("ip", "link", "del", name));
  }

  private void create() {
    Shell.run("ip", "link", "add", bridge, "type", "bridge");
    Shell.run("ip", "addr", "add", gateway() + "/24", "dev", bridge);
    Shell.run("ip", "link", "set", bridge, "up");
    for (var i = 0; i < names.size(); i++) {
      var inside = link("v", i);
      var outside = link("w", i);
      Shell.run("ip", "netns", "add", names.get(i));
      Shell.run("ip", "link", "add", outside, "type", "veth", "peer", "name", inside);
      Shell.run("ip", "link", "set", outside, "master", bridge, "up");
      Shell.run("ip", "link", "set", inside, "netns", names.get(i));
      within(i, "ip", "addr", "add", places.get(i).host() + "/24", "dev", inside);
      within(i, "ip", "link", "set", inside, "up");
      within(i, "ip", "link", "set", "lo", "up");
    }
  }

  private static String link(String end, int i) {
    return "pl" + ProcessHandle.current().pid() + end + i;
  }

  /** The namespaces, as places for {@link TestCluster#in}. */
  public List<Place> places() {
    return places;
  }

  /** This machine's own address on the bridge, which all of them reach. */
  public String gateway() {
    return net + "254";
  }

  /** What stands in each one's {@code /etc/resolv.conf}. */
  public void resolve(String configuration) {
    try {
      for (var name : names) {
        Files.createDirectories(etc(name));
        Files.writeString(etc(name).resolve("resolv.conf"), configuration);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code ip netns exec} mounts what is in here over {@code /etc}. */
  private static Path etc(String name) {
    return Path.of("/etc/netns", name);
  }

  private static void forgetEtc(String name) {
    Shell.attempt("rm", "-rf", etc(name).toString());
  }

  /** Cuts the way between two, in both directions; packets vanish, nobody is told. */
  public void cut(int a, int b) {
    cutOneWay(a, b);
    cutOneWay(b, a);
  }

  /** From now on nothing that {@code from} sends reaches {@code to}; the other way stays open. */
  public void cutOneWay(int from, int to) {
    within(to, "iptables", "-w", "-A", "INPUT", "-s", places.get(from).host(), "-j", "DROP");
  }

  /** One more address of this machine, under which it reaches them all; the n-th of fifty. */
  public String source(int n) {
    var address = net + (200 + n);
    Shell.run("ip", "addr", "add", address + "/24", "dev", bridge);
    return address;
  }

  /** From now on nothing passes between that namespace and this address of this machine; packets vanish, nobody is told. */
  public void blackHole(int i, String source) {
    within(i, "iptables", "-w", "-A", "INPUT", "-s", source, "-j", "DROP");
    within(i, "iptables", "-w", "-A", "OUTPUT", "-d", source, "-j", "DROP");
  }

  /** Cuts every way between the one and the other group. */
  public void split(List<Integer> one, List<Integer> other) {
    one.forEach(a -> other.forEach(b -> cut(a, b)));
  }

  /** Opens every way again. */
  public void heal() {
    IntStream.range(0, names.size()).forEach(i -> within(i, "iptables", "-w", "-F", "INPUT"));
  }

  /** Runs a short command inside. */
  String within(int i, String... command) {
    var all = new ArrayList<>(places.get(i).prefix());
    all.addAll(List.of(command));
    return Shell.run(all.toArray(String[]::new));
  }

  /** Takes the namespaces and the bridge away; end the processes inside before. */
  @Override
  public void close() {
    remove();
    Runtime.getRuntime().removeShutdownHook(cleaner);
  }

  private void remove() {
    // A namespace lives on, its links with it, until the last process inside has ended: the links
    // go first.
    IntStream.range(0, names.size()).forEach(i -> Shell.attempt("ip", "link", "del", link("w", i)));
    names.forEach(name -> Shell.attempt("ip", "netns", "del", name));
    names.forEach(Namespaces::forgetEtc);
    Shell.attempt("ip", "link", "del", bridge);
  }
}
