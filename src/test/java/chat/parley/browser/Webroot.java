package chat.parley.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The files that a node serves, as the build has left them: in a folder, or in the jar. Pure. */
final class Webroot {
  private Webroot() {}

  /** Its folder, with a slash at the end. */
  static URI url() {
    return index().resolve(".");
  }

  static Path folder() {
    var index = index();
    if ("jar".equals(index.getScheme())) {
      open(index);
    }
    return Objects.requireNonNull(Path.of(index).getParent());
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(folder().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI index() {
    try {
      var index = Webroot.class.getClassLoader().getResource("webroot/index.html");
      return Objects.requireNonNull(index, "no webroot on the class path").toURI();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** It stays open for as long as the tests run. */
  private static void open(URI inJar) {
    try {
      var opened = FileSystems.newFileSystem(inJar, Map.of());
      assert opened.isOpen();
    } catch (FileSystemAlreadyExistsException e) {
      // By an earlier call.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
