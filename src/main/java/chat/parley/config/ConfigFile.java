package chat.parley.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A JSON object that an option named, as a file or written out. The launcher only warns where it can't be read; here that
 * is a reason not to start. Immutable by agreement.
 *
 * @param name the file's name, or the option's where the object is written out
 */
public record ConfigFile(String name, JsonObject content) {
  /**
   * Reads what the option says.
   *
   * @param option the option's name, for messages
   * @throws ConfigException if there is no such file or no such object in it
   */
  public static ConfigFile read(String option, String fileOrJson) {
    if (fileOrJson.stripLeading().startsWith("{")) {
      return new ConfigFile(option, parse(option, Buffer.buffer(fileOrJson)));
    }
    try {
      return new ConfigFile(
          fileOrJson, parse(fileOrJson, Buffer.buffer(Files.readAllBytes(Path.of(fileOrJson)))));
    } catch (NoSuchFileException | InvalidPathException e) {
      throw refused(option, "there is no file " + fileOrJson);
    } catch (IOException e) {
      throw refused(option, "the file " + fileOrJson + " can't be read");
    }
  }

  private static JsonObject parse(String name, Buffer json) {
    try {
      return new JsonObject(json);
    } catch (DecodeException | ClassCastException e) {
      throw refused(name, "not JSON" + place(e));
    }
  }

  /** Only the place: the text there may be a secret. */
  private static String place(RuntimeException e) {
    return e.getCause() instanceof JsonProcessingException json && json.getLocation() != null
        ? " at line %d, column %d"
            .formatted(json.getLocation().getLineNr(), json.getLocation().getColumnNr())
        : "";
  }

  private static ConfigException refused(String name, String wrong) {
    return new ConfigException(List.of(
        Problem.expected(name, wrong, "a JSON object, written out or in a file that is there")));
  }
}
