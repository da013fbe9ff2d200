package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.protocol.ServerFrame.Limits;
import java.util.Locale;

/**
 * Frames to and from their JSON; the only place that knows the fields' names. {@code data} passes through as the bytes
 * it came in. Thread-safe: each thread writes into a buffer of its own.
 */
public final class FrameCodec {
  /** The protocol's name: the WebSocket subprotocol, and what {@code welcome} says. */
  public static final String PROTOCOL = "parley.v1";

  /** The most messages of one page, or of history at a join. */
  public static final int MAX_PAGE = 100;

  /** The messages of a page whose size nobody chose. */
  public static final int DEFAULT_PAGE = 50;

  /** The most users of one page of presence, and how many it has where nobody chose. */
  public static final int MAX_USERS = 500;

  private static final String CLIENT_TYPES =
      "one of auth join leave publish signal history presence ping";

  /** The fields of frames, in both directions. The JSON name is the constant's, in camel case. */
  enum Field {
    TYPE,
    REF,
    ROOM,
    TOKEN,
    SINCE,
    LAST,
    ID,
    DATA,
    ECHO,
    NAME,
    BEFORE,
    AFTER,
    LIMIT,
    EPOCH,
    SEQ,
    PROTOCOL,
    SESSION,
    USER,
    NODE,
    HEARTBEAT,
    EXPIRES,
    LIMITS,
    FRAME,
    ROOMS,
    RATE,
    BYTES,
    JOINS,
    READS,
    RECOVERED,
    REASON,
    TIME,
    DUPLICATE,
    MESSAGES,
    MORE,
    VERSION,
    COUNT,
    USERS,
    SESSIONS,
    STATE,
    JOINED,
    LEFT,
    CHANGED,
    CODE,
    RECONNECT,
    RECONNECT_AFTER("reconnectAfter"),
    MESSAGE,
    RETRY_AFTER("retryAfter");

    private final String json;

    /** Nobody writes to it: it is copied for every field of every frame. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] prefix;

    Field() {
      this.json = name().toLowerCase(Locale.ROOT);
      this.prefix = prefix(json);
    }

    Field(String json) {
      this.json = json;
      this.prefix = prefix(json);
    }

    private static byte[] prefix(String json) {
      return ('"' + json + "\":").getBytes(UTF_8);
    }

    String json() {
      return json;
    }

    /** The name as it stands before a value: quoted, with its colon. Not to be changed. */
    byte[] prefix() {
      return prefix;
    }
  }

  private static final ThreadLocal<JsonWriter> WRITER = ThreadLocal.withInitial(JsonWriter::new);

  private FrameCodec() {}

  /** As {@link #decode(byte[], int, int)}, of the whole array. */
  public static ClientFrame decode(byte[] utf8) {
    return decode(utf8, 0, utf8.length);
  }

  /**
   * Reads what a client sent. Nothing of the array is kept.
   *
   * @throws ProtocolException {@code bad_frame} for what is not one JSON object with a type, {@code unknown_type}, or
   *     {@code bad_request} for a field that is missing or out of form
   */
  public static ClientFrame decode(byte[] utf8, int offset, int length) {
    RawObject fields = RawObject.read(utf8, offset, length);
    if (fields.repeated() != null) {
      throw new ProtocolException(
          ErrorCode.BAD_FRAME, null, null, "expected each field once: one of them is repeated");
    }
    var in = new Request(fields);
    return switch (in.type()) {
      case "auth" -> new ClientFrame.Auth(in.ref(), in.string(Field.TOKEN));
      case "join" -> join(in);
      case "leave" -> new ClientFrame.Leave(in.ref(), in.room());
      case "publish" -> publish(in);
      case "signal" ->
        new ClientFrame.Signal(
            in.ref(), in.room(), in.text(Field.NAME), in.optionalData(Field.DATA));
      case "history" -> history(in);
      case "presence" -> presence(in);
      case "ping" -> new ClientFrame.Ping(in.ref());
      default -> throw in.refusal(ErrorCode.UNKNOWN_TYPE, Field.TYPE, CLIENT_TYPES);
    };
  }

  private static ClientFrame join(Request in) {
    return new ClientFrame.Join(
        in.ref(),
        in.room(),
        in.optionalPosition(Field.SINCE),
        in.count(Field.LAST, 0, MAX_PAGE, 0));
  }

  private static ClientFrame publish(Request in) {
    return new ClientFrame.Publish(
        in.ref(),
        in.room(),
        in.optionalText(Field.ID),
        in.data(Field.DATA),
        in.unlessFalse(Field.ECHO));
  }

  private static ClientFrame history(Request in) {
    return new ClientFrame.History(
        in.ref(),
        in.room(),
        in.optionalSeq(Field.BEFORE),
        in.optionalSeq(Field.AFTER),
        in.count(Field.LIMIT, 1, MAX_PAGE, DEFAULT_PAGE));
  }

  private static ClientFrame presence(Request in) {
    return new ClientFrame.Presence(
        in.ref(),
        in.room(),
        in.optionalUser(Field.AFTER),
        in.count(Field.LIMIT, 1, MAX_USERS, MAX_USERS));
  }

  /** The frame as one JSON object in UTF-8: {@code type} first, then its fields as PROTOCOL.md lists them. */
  public static byte[] encode(ServerFrame frame) {
    JsonWriter out = WRITER.get();
    out.restart();
    write(out, frame);
    return out.take();
  }

  private static void write(JsonWriter out, ServerFrame frame) {
    switch (frame) {
      case ServerFrame.Message f -> message(out, f);
      case ServerFrame.Ack f -> ack(out, f);
      case ServerFrame.Signal f -> signal(out, f);
      case ServerFrame.Welcome f -> welcome(out, f);
      case ServerFrame.Authenticated f -> authenticated(out, f);
      case ServerFrame.Joined f -> joined(out, f);
      case ServerFrame.Left f -> left(out, f);
      case ServerFrame.History f -> history(out, f);
      case ServerFrame.Present f -> present(out, f);
      case ServerFrame.Presence f -> presence(out, f);
      case ServerFrame.Pong f -> pong(out, f);
      case ServerFrame.Expiring f -> expiring(out, f);
      case ServerFrame.Goaway f -> goaway(out, f);
      case ServerFrame.Bye f -> bye(out, f);
      case ServerFrame.Refused f -> refused(out, f);
    }
  }

  private static JsonWriter open(JsonWriter out, String type) {
    return out.open().text(Field.TYPE, type);
  }

  private static void message(JsonWriter out, ServerFrame.Message frame) {
    open(out, "message")
        .text(Field.ROOM, frame.room())
        .text(Field.EPOCH, frame.epoch())
        .number(Field.SEQ, frame.seq())
        .text(Field.ID, frame.id())
        .text(Field.USER, frame.user())
        .text(Field.NAME, frame.name())
        .number(Field.TIME, frame.time())
        .json(Field.DATA, frame.data())
        .close();
  }

  private static void ack(JsonWriter out, ServerFrame.Ack frame) {
    open(out, "ack")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .text(Field.ID, frame.id())
        .text(Field.EPOCH, frame.epoch())
        .number(Field.SEQ, frame.seq())
        .number(Field.TIME, frame.time());
    if (frame.duplicate()) {
      out.flag(Field.DUPLICATE, true);
    }
    out.close();
  }

  private static void signal(JsonWriter out, ServerFrame.Signal frame) {
    open(out, "signal")
        .text(Field.ROOM, frame.room())
        .text(Field.NAME, frame.name())
        .text(Field.USER, frame.user())
        .json(Field.DATA, frame.data())
        .close();
  }

  private static void welcome(JsonWriter out, ServerFrame.Welcome frame) {
    Limits limits = frame.limits();
    open(out, "welcome")
        .text(Field.PROTOCOL, PROTOCOL)
        .text(Field.SESSION, frame.session())
        .text(Field.USER, frame.user())
        .text(Field.NODE, frame.node())
        .number(Field.HEARTBEAT, frame.heartbeat())
        .number(Field.EXPIRES, frame.expires())
        .open(Field.LIMITS)
        .number(Field.FRAME, limits.frame())
        .number(Field.ROOMS, limits.rooms())
        .number(Field.RATE, limits.rate())
        .number(Field.BYTES, limits.bytes())
        .number(Field.JOINS, limits.joins())
        .number(Field.READS, limits.reads())
        .close()
        .close();
  }

  private static void authenticated(JsonWriter out, ServerFrame.Authenticated frame) {
    open(out, "authenticated")
        .json(Field.REF, frame.ref())
        .text(Field.USER, frame.user())
        .number(Field.EXPIRES, frame.expires())
        .close();
  }

  private static void joined(JsonWriter out, ServerFrame.Joined frame) {
    open(out, "joined")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .text(Field.EPOCH, frame.epoch())
        .number(Field.SEQ, frame.seq())
        .flag(Field.RECOVERED, frame.recovered())
        .number(Field.COUNT, frame.count())
        .close();
  }

  private static void left(JsonWriter out, ServerFrame.Left frame) {
    open(out, "left")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .text(Field.REASON, frame.reason())
        .close();
  }

  private static void history(JsonWriter out, ServerFrame.History frame) {
    open(out, "history")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .text(Field.EPOCH, frame.epoch())
        .list(Field.MESSAGES, frame.messages(), FrameCodec::message)
        .flag(Field.MORE, frame.more())
        .close();
  }

  private static void present(JsonWriter out, ServerFrame.Present frame) {
    open(out, "presence")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .number(Field.VERSION, frame.version())
        .number(Field.COUNT, frame.count())
        .list(
            Field.USERS,
            frame.users(),
            (to, user) -> to.open()
                .text(Field.USER, user.user())
                .text(Field.NAME, user.name())
                .number(Field.SESSIONS, user.sessions())
                .number(Field.SINCE, user.since())
                .text(Field.STATE, user.state().wire())
                .close())
        .flag(Field.MORE, frame.more())
        .close();
  }

  private static void presence(JsonWriter out, ServerFrame.Presence frame) {
    open(out, "presence")
        .text(Field.ROOM, frame.room())
        .number(Field.VERSION, frame.version())
        .number(Field.COUNT, frame.count());
    var changes = frame.changes();
    if (changes != null) {
      changes(out, changes);
    }
    out.close();
  }

  /** A list with nothing in it is left out, but one has to be there. */
  private static void changes(JsonWriter out, ServerFrame.Changes changes) {
    if (!changes.joined().isEmpty()) {
      out.list(
          Field.JOINED,
          changes.joined(),
          (to, came) -> to.open()
              .text(Field.USER, came.user())
              .text(Field.NAME, came.name())
              .close());
    }
    if (!changes.left().isEmpty()) {
      out.list(
          Field.LEFT,
          changes.left(),
          (to, user) -> to.open().text(Field.USER, user).close());
    }
    if (!changes.changed().isEmpty() || changes.isEmpty()) {
      out.list(
          Field.CHANGED,
          changes.changed(),
          (to, change) -> to.open()
              .text(Field.USER, change.user())
              .text(Field.NAME, change.name())
              .text(Field.STATE, change.state().wire())
              .close());
    }
  }

  private static void pong(JsonWriter out, ServerFrame.Pong frame) {
    open(out, "pong")
        .json(Field.REF, frame.ref())
        .number(Field.TIME, frame.time())
        .close();
  }

  private static void expiring(JsonWriter out, ServerFrame.Expiring frame) {
    open(out, "expiring").number(Field.EXPIRES, frame.expires()).close();
  }

  private static void goaway(JsonWriter out, ServerFrame.Goaway frame) {
    open(out, "goaway").number(Field.RECONNECT_AFTER, frame.reconnectAfter()).close();
  }

  private static void bye(JsonWriter out, ServerFrame.Bye frame) {
    CloseCode code = frame.code();
    open(out, "bye")
        .number(Field.CODE, code.code())
        .text(Field.REASON, code.reason())
        .flag(Field.RECONNECT, code.reconnect())
        .number(Field.RECONNECT_AFTER, frame.reconnectAfter())
        .close();
  }

  private static void refused(JsonWriter out, ServerFrame.Refused frame) {
    open(out, "error")
        .json(Field.REF, frame.ref())
        .text(Field.ROOM, frame.room())
        .text(Field.CODE, frame.code().wire())
        .text(Field.MESSAGE, frame.message())
        .number(Field.RETRY_AFTER, frame.retryAfter())
        .close();
  }
}
