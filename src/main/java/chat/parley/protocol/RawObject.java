package chat.parley.protocol;

import chat.parley.protocol.RawValue.Kind;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, found but not read: what stands inside them is checked for being JSON and left where it
 * is. Immutable as long as nobody changes the bytes.
 */
final class RawObject {
  private static final String EXPECTED = "expected one JSON object in UTF-8: ";
  static final int MAX_DEPTH = 64;
  static final int MAX_NUMBER_LENGTH = 1_000;
  static final int MAX_NAME_LENGTH = 1_000;

  /** Names are the clients' choice, so none may stay in the JVM's table of strings. Strings are bounded by the frame. */
  private static final JsonFactory JSON = JsonFactory.builder()
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .disable(JsonFactory.Feature.CHARSET_DETECTION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_NUMBER_LENGTH)
          .maxNameLength(MAX_NAME_LENGTH)
          .maxStringLength(Integer.MAX_VALUE)
          .build())
      .build();

  private final Map<String, RawValue> fields = new HashMap<>();
  private @Nullable String repeated;

  private RawObject() {}

  /** @throws ProtocolException {@code bad_frame}: not UTF-8, not JSON, not one object, or over a limit of the reader */
  static RawObject read(byte[] bytes, int offset, int length) {
    if (!Utf8.isValid(bytes, offset, offset + length)) {
      throw ProtocolException.notUtf8(EXPECTED + "not UTF-8");
    }
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      var object = new RawObject();
      object.readFrom(parser, bytes, offset);
      return object;
    } catch (StreamConstraintsException e) {
      throw bad("over a limit: nesting %d, a name %d characters, a number %d"
          .formatted(MAX_DEPTH, MAX_NAME_LENGTH, MAX_NUMBER_LENGTH));
    } catch (JsonParseException e) {
      throw bad("not JSON at byte " + e.getLocation().getByteOffset());
    } catch (IOException e) {
      throw bad("not JSON");
    }
  }

  private void readFrom(JsonParser parser, byte[] bytes, int offset) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw bad("not an object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      Kind kind = kind(parser.nextToken());
      int from = offset + (int) parser.currentTokenLocation().getByteOffset();
      if (kind == Kind.OBJECT || kind == Kind.ARRAY) {
        parser.skipChildren();
      } else {
        parser.finishToken();
      }
      int to = offset + (int) parser.currentLocation().getByteOffset();
      if (fields.put(name, new RawValue(kind, bytes, from, to)) != null) {
        repeated = name;
      }
    }
    if (parser.nextToken() != null) {
      throw bad("something after the object");
    }
  }

  private static Kind kind(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> Kind.STRING;
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NULL -> Kind.NULL;
      case START_OBJECT -> Kind.OBJECT;
      case START_ARRAY -> Kind.ARRAY;
      default -> throw bad("not JSON");
    };
  }

  private static ProtocolException bad(String problem) {
    return new ProtocolException(ErrorCode.BAD_FRAME, null, null, EXPECTED + problem);
  }

  /** The field's value, or null if there is none. */
  @Nullable
  RawValue get(String name) {
    return fields.get(name);
  }

  /** A name that came more than once, or null. */
  @Nullable
  String repeated() {
    return repeated;
  }
}
