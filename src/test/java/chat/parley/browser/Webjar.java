package chat.parley.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;

/** A package from npm, in the jar in which it is on the class path. Pure. */
record Webjar(String name) {
  /** Puts its files into a folder. */
  void unpackTo(Path folder) {
    try (var jar = FileSystems.newFileSystem(jar(), Map.of());
        var files = Files.walk(root(jar.getPath("META-INF", "resources", "webjars", name)))) {
      var root = root(jar.getPath("META-INF", "resources", "webjars", name));
      for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        var target = folder.resolve(root.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one version that there is. */
  private static Path root(Path versions) throws IOException {
    try (var all = Files.list(versions)) {
      return all.findFirst().orElseThrow();
    }
  }

  private URI jar() {
    var folder = "META-INF/resources/webjars/" + name + "/";
    var url = Objects.requireNonNull(
        Webjar.class.getClassLoader().getResource(folder), "no webjar of " + name);
    try {
      var text = url.toURI().toString();
      return URI.create(text.substring(0, text.indexOf('!')));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
