package chat.parley.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The files that a node serves, as the build has left them. Pure. */
final class Webroot {
  private Webroot() {}

  /** Its folder, with a slash at the end. */
  static URI url() {
    try {
      var index = Webroot.class.getClassLoader().getResource("webroot/index.html");
      return Objects.requireNonNull(index, "no webroot on the class path")
          .toURI()
          .resolve(".");
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Path path(String name) {
    return Path.of(url()).resolve(name);
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
