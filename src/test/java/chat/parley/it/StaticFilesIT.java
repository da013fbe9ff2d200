package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.LogWatch;
import chat.parley.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served as files, and nothing beside them. */
@Timeout(60)
class StaticFilesIT {
  private static Nodes nodes;

  @RegisterExtension
  final LogWatch log = new LogWatch().withTraces();

  @BeforeAll
  static void start() {
    nodes = Nodes.of(1, new JsonObject());
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  /** The path goes as it is written; no library may tidy it. */
  private static String get(String path) {
    try (var raw = RawHttp.to(nodes.first())) {
      raw.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      return raw.rest();
    }
  }

  /** Each way up leads to the class path's root, the working directory or the root of the disk. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../",
        "../../../../../../../../",
        "%2e%2e/",
        "%2E%2E%2F",
        "..%2f",
        "..%2f..%2f..%2f..%2f..%2f..%2f",
        "%252e%252e%252f",
        "..\\",
        "..%5c",
        "..%5c..%5c..%5c..%5c",
        "%5c..%5c",
        "..;/",
        "....//",
        "%c0%ae%c0%ae/",
        "%u002e%u002e/",
        "..%00/",
        "./.././",
        "/",
        "//",
        "%2f",
        "file:/",
        "%00",
      })
  void no_way_leads_out_of_what_is_served(String up) {
    for (var from :
        new String[] {"/", "/parley/", "/sockjs-client/", "/sockjs/", "/sockjs/iframe"}) {
      for (var to : new String[] {
        "etc/passwd", "logback.xml", "pom.xml", "chat/parley/Main.class", "META-INF/MANIFEST.MF"
      }) {
        var path = from + up + to;
        var answer = get(path);
        assertThat(answer)
            .as(path)
            .matches("(?s)HTTP/1\\.1 (400|404) .*")
            .doesNotContain(
                "root:", "<configuration", "<project", "Manifest-Version", "\u00ca\u00fe");
      }
    }
  }

  @Test
  void files_are_served() {
    for (var file : new String[] {"/", "/parley/room.js", "/sockjs-client/sockjs.min.js"}) {
      assertThat(get(file)).as(file).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void the_iframe_of_sockjs_is_the_same_whatever_its_name() {
    var page = body(get("/sockjs/iframe.html"));
    assertThat(page).contains("SockJS");
    for (var name : new String[] {
      "iframe-1.html", "iframe-..%2f..%2flogback.html", "iframe-%2e%2e%5clogback.html"
    }) {
      var answer = get("/sockjs/" + name);
      if (answer.startsWith("HTTP/1.1 200")) {
        assertThat(body(answer)).as(name).isEqualTo(page);
      } else {
        assertThat(answer).as(name).matches("(?s)HTTP/1\\.1 (400|404) .*");
      }
    }
  }

  @Test
  void folders_are_not_listed() {
    for (var folder : new String[] {"/parley", "/parley/", "/sockjs-client/", "/sockjs-client"}) {
      assertThat(get(folder)).as(folder).doesNotContain("room.js", "sockjs.min.js");
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
