package chat.parley.protocol;

import chat.parley.protocol.FrameCodec.Field;
import chat.parley.protocol.RawValue.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One client frame on its way in: takes its fields out in the form they must have. Every refusal carries the {@code ref}
 * and {@code room} that could be read, wherever in the frame they stand. Immutable.
 */
final class Request {
  static final int MAX_REF_LENGTH = 64;
  static final int MAX_TEXT_LENGTH = 64;
  static final long MAX_SEQ = 1L << 53;

  private static final int SHOWN_LENGTH = 40;
  private static final String TEXT_FORM =
      "1–" + MAX_TEXT_LENGTH + " characters, no control characters";
  private static final String REF_FORM =
      "a string or a number of at most " + MAX_REF_LENGTH + " characters";
  private static final String SEQ_FORM = "an integer, 0 to 2^53";

  private final RawObject fields;
  private final @Nullable String ref;
  private final @Nullable String room;

  Request(RawObject fields) {
    this.fields = fields;
    this.ref = refToken(fields.get(Field.REF.json()));
    this.room = roomName(fields.get(Field.ROOM.json()));
  }

  private static @Nullable String refToken(@Nullable RawValue value) {
    if (value == null) {
      return null;
    }
    return switch (value.kind()) {
      case INTEGER, DECIMAL -> value.length() <= MAX_REF_LENGTH ? value.token() : null;
      case STRING -> {
        String text = value.text();
        boolean allowed = text.length() <= MAX_REF_LENGTH && PlainText.isWellFormed(text);
        yield allowed ? JsonWriter.quote(text) : null;
      }
      default -> null;
    };
  }

  private static @Nullable String roomName(@Nullable RawValue value) {
    String name = string(value);
    return name != null && RoomName.isValid(name) ? DirectRoom.canonical(name) : null;
  }

  private static @Nullable String string(@Nullable RawValue value) {
    return value != null && value.kind() == Kind.STRING ? value.text() : null;
  }

  /** The {@code type}; without one it is no frame. */
  String type() {
    String type = string(fields.get(Field.TYPE.json()));
    if (type == null) {
      throw refusal(ErrorCode.BAD_FRAME, Field.TYPE, "a string");
    }
    return type;
  }

  /** The request's own name as a JSON token, or null if it has none. */
  @Nullable
  String ref() {
    if (ref == null && fields.get(Field.REF.json()) != null) {
      throw badRequest(Field.REF, REF_FORM);
    }
    return ref;
  }

  String room() {
    if (room == null) {
      throw badRequest(Field.ROOM, RoomName.FORM);
    }
    return room;
  }

  /** A string of any content. */
  String string(Field field) {
    String text = string(fields.get(field.json()));
    if (text == null) {
      throw badRequest(field, "a string");
    }
    return text;
  }

  /** A short string fit to identify something. */
  String text(Field field) {
    String text = string(fields.get(field.json()));
    if (text == null || !PlainText.isPlain(text, 1, MAX_TEXT_LENGTH)) {
      throw badRequest(field, TEXT_FORM);
    }
    return text;
  }

  @Nullable
  String optionalText(Field field) {
    return fields.get(field.json()) == null ? null : text(field);
  }

  @Nullable
  String optionalUser(Field field) {
    RawValue value = fields.get(field.json());
    if (value == null) {
      return null;
    }
    String user = string(value);
    if (user == null || !UserName.isValid(user)) {
      throw badRequest(field, UserName.FORM);
    }
    return user;
  }

  /** Any JSON. */
  byte[] data(Field field) {
    byte[] data = optionalData(field);
    if (data == null) {
      throw badRequest(field, "any JSON");
    }
    return data;
  }

  byte @Nullable [] optionalData(Field field) {
    RawValue value = fields.get(field.json());
    return value == null ? null : value.copy();
  }

  /** {@code true} where the field is left out. */
  boolean unlessFalse(Field field) {
    RawValue value = fields.get(field.json());
    if (value == null) {
      return true;
    }
    if (value.kind() != Kind.BOOLEAN) {
      throw badRequest(field, "true or false");
    }
    return value.bytes()[value.from()] == 't';
  }

  /** An integer from {@code min} to {@code max}, or {@code otherwise} where the field is left out. */
  int count(Field field, int min, int max, int otherwise) {
    RawValue value = fields.get(field.json());
    if (value == null) {
      return otherwise;
    }
    long count = integer(value);
    if (count < min || count > max) {
      throw badRequest(field, "an integer, " + min + " to " + max);
    }
    return (int) count;
  }

  @Nullable
  Long optionalSeq(Field field) {
    RawValue value = fields.get(field.json());
    if (value == null) {
      return null;
    }
    long seq = integer(value);
    if (seq < 0 || seq > MAX_SEQ) {
      throw badRequest(field, SEQ_FORM);
    }
    return seq;
  }

  @Nullable
  Position optionalPosition(Field field) {
    RawValue value = fields.get(field.json());
    if (value == null) {
      return null;
    }
    if (value.kind() != Kind.OBJECT) {
      throw badRequest(field, "{\"epoch\": …, \"seq\": …}");
    }
    RawObject inside = RawObject.read(value.bytes(), value.from(), value.length());
    RawValue epochValue = inside.get(Field.EPOCH.json());
    RawValue seqValue = inside.get(Field.SEQ.json());
    String epoch = string(epochValue);
    if (epoch == null || !PlainText.isPlain(epoch, 1, MAX_TEXT_LENGTH)) {
      throw badRequest(path(field, Field.EPOCH), epochValue, TEXT_FORM);
    }
    long seq = seqValue == null ? -1 : integer(seqValue);
    if (seq < 0 || seq > MAX_SEQ) {
      throw badRequest(path(field, Field.SEQ), seqValue, SEQ_FORM);
    }
    return new Position(epoch, seq);
  }

  private static String path(Field outer, Field inner) {
    return outer.json() + '.' + inner.json();
  }

  /** The value of a whole number small enough to matter, or -1. */
  private static long integer(RawValue value) {
    boolean small = value.kind() == Kind.INTEGER && value.length() <= 16;
    return small ? Long.parseLong(value.token()) : -1;
  }

  ProtocolException refusal(ErrorCode code, Field field, String expected) {
    return refusal(code, field.json(), fields.get(field.json()), expected);
  }

  private ProtocolException badRequest(Field field, String expected) {
    return refusal(ErrorCode.BAD_REQUEST, field, expected);
  }

  private ProtocolException badRequest(String name, @Nullable RawValue value, String expected) {
    return refusal(ErrorCode.BAD_REQUEST, name, value, expected);
  }

  private ProtocolException refusal(
      ErrorCode code, String name, @Nullable RawValue value, String expected) {
    String problem = "\"%s\" is %s: expected %s".formatted(name, shown(value), expected);
    return new ProtocolException(code, ref, room, problem);
  }

  private static String shown(@Nullable RawValue value) {
    if (value == null) {
      return "missing";
    }
    return value.kind() == Kind.STRING
        ? '"' + PlainText.shown(value.text(), SHOWN_LENGTH) + '"'
        : PlainText.shown(value.token(), SHOWN_LENGTH);
  }
}
