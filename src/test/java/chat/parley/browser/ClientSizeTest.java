package chat.parley.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What of the client travels to a browser. */
class ClientSizeTest {
  private static final int LIMIT_BYTES = 8 * 1024;

  @BeforeAll
  static void the_build_has_made_one_module() {
    var text = new String(Webroot.bytes("parley.js"), UTF_8);
    Assumptions.assumeFalse(
        text.contains("\nimport "),
        "skipped: the client's sources are here, not what Maven makes of them");
  }

  @Test
  void it_is_small() throws IOException {
    var zipped = gzipped(Webroot.bytes("parley.js"));
    System.out.printf(
        "parley.js: %,d bytes, %,d gzipped (at most %,d)%n",
        Webroot.bytes("parley.js").length, zipped, LIMIT_BYTES);
    assertThat(zipped).isLessThanOrEqualTo(LIMIT_BYTES);
  }

  @Test
  void its_map_shows_the_sources_to_whoever_debugs() {
    var map = new JsonObject(new String(Webroot.bytes("parley.js.map"), UTF_8));
    assertThat(map.getJsonArray("sources"))
        .contains("src/main/resources/webroot/parley/connection.js")
        .allSatisfy(source -> assertThat(source.toString()).startsWith("src/"));
    assertThat(map.getJsonArray("sourcesContent", new JsonArray()))
        .hasSameSizeAs(map.getJsonArray("sources"));
  }

  private static int gzipped(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.size();
  }
}
