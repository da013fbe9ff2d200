package chat.parley.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the operating system that a test needs and a user's machine may lack. Pure. */
final class Program {
  private Program() {}

  /** Skips the test where it is missing, and says so; with {@code CI=true} the test fails. */
  static void assumeInstalled(String name, String debianPackage) {
    var there = find(name).isPresent();
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no " + name + ": install Debian's package " + debianPackage);
    }
    if (!there) {
      System.out.println("Tests with " + name + " skipped: there is none here");
    }
    Assumptions.assumeTrue(there, "skipped: there is no " + name + " here");
  }

  /** Where it is. */
  static String path(String name) {
    return find(name).orElseThrow().toString();
  }

  /** Servers are not on everybody's path. */
  private static Optional<Path> find(String name) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
