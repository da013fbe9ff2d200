package chat.parley.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/** The examples of the client, as somebody has them who has installed what they import. Pure. */
final class Examples {
  static final Path SOURCE = Path.of("src", "examples");

  private Examples() {}

  /** Lays them out under {@code target/examples/<name>} with the packages beside them, the client among these. */
  static Path install(String name, String... packages) {
    var folder = Path.of("target", "examples", name);
    var modules = folder.resolve("node_modules");
    copy(SOURCE, folder);
    copy(Webroot.folder(), modules.resolve("parley-client"));
    Stream.of(packages).forEach(one -> new Webjar(one).unpackTo(modules.resolve(one)));
    return folder;
  }

  private static void copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        var target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
