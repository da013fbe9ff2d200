package chat.parley.protocol;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code src/docs/PROTOCOL.md} and the examples in it. Immutable. */
public final class ProtocolDocument {
  private static final Path FILE = Path.of("src", "docs", "PROTOCOL.md");

  /** A heading, or a fenced block with its tag. */
  private static final Pattern PART = Pattern.compile(
      "^#+ (?<heading>.*)$|^```(?<tag>\\S.*)\\n(?<body>(?:.*\\n)*?)```$", Pattern.MULTILINE);

  /** A bare {@code …} where a value stands, which JSON doesn't know. */
  private static final Pattern ANY = Pattern.compile("(?<=[:,\\[])…(?=[,}\\]])");

  private final String text;

  private ProtocolDocument(String text) {
    this.text = text;
  }

  /** The document of this source tree. */
  public static ProtocolDocument read() {
    try {
      return new ProtocolDocument(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole document. */
  public String text() {
    return text;
  }

  /** What clients may send, one frame each. */
  public List<String> clientExamples() {
    return lines("json client");
  }

  /** What the server may send, one frame each. */
  public List<String> serverExamples() {
    return lines("json server");
  }

  private List<String> lines(String tag) {
    var lines = new ArrayList<String>();
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      if (tag.equals(parts.group("tag"))) {
        lines.addAll(parts.group("body").lines().toList());
      }
    }
    return lines;
  }

  /** The conversations, named for the heading that they stand under. */
  public List<Conversation> conversations() {
    var conversations = new ArrayList<Conversation>();
    String heading = "";
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      if (parts.group("heading") != null) {
        heading = parts.group("heading");
      } else if ("parley".equals(parts.group("tag"))) {
        conversations.add(new Conversation(heading, turns(parts.group("body"))));
      }
    }
    return conversations;
  }

  private static List<Conversation.Turn> turns(String body) {
    var turns = new ArrayList<Conversation.Turn>();
    @Nullable String sent = null;
    var answers = new ArrayList<JsonObject>();
    for (String line : body.lines().toList()) {
      String frame = line.substring(2);
      if (line.startsWith("< ")) {
        answers.add(new JsonObject(ANY.matcher(frame).replaceAll("\"…\"")));
      } else if (line.startsWith("> ")) {
        if (sent != null || !answers.isEmpty()) {
          turns.add(new Conversation.Turn(sent, List.copyOf(answers)));
        }
        sent = frame;
        answers.clear();
      } else {
        throw new IllegalArgumentException("neither > nor <: " + line);
      }
    }
    turns.add(new Conversation.Turn(sent, List.copyOf(answers)));
    return List.copyOf(turns);
  }
}
