package chat.parley.audit;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Structured lines on who came and went ({@code parley.access}) and who was refused what ({@code parley.security}); never a token or what somebody said.
 * Whoever causes many refusals causes a few lines a second and a count of the rest. Thread-safe: filled at start, then atomics.
 */
public final class Audit {
  /** What was refused or taken away. */
  public enum Event {
    /** The node has all the connections that it takes. */
    NODE_FULL,
    /** An address or a user has too many connections, comes too often, or is kept out. */
    CONNECTION_REFUSED,
    ORIGIN_REFUSED,
    TOKEN_REFUSED,
    ROOM_REFUSED,
    TOKEN_REVOKED,
    BANNED,
    KICKED,
    SESSION_ENDED
  }

  /** Lines of one kind in a second. */
  static final int RATE = 10;

  private static final int SHOWN = 200;
  private static final Logger access = LoggerFactory.getLogger("parley.access");
  private static final Logger security = LoggerFactory.getLogger("parley.security");

  private final LongSupplier ticks;
  private final Map<Event, Share> shares = new EnumMap<>(Event.class);

  /** How much of this second's lines one kind has had. Thread-safe: atomics. */
  private static final class Share {
    private final AtomicLong second = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();

    boolean admit(long now) {
      long current = second.get();
      if (current != now && second.compareAndSet(current, now)) {
        lines.set(0);
      }
      return lines.incrementAndGet() <= RATE;
    }
  }

  /** @param ticks nanoseconds of no particular beginning */
  public Audit(LongSupplier ticks) {
    this.ticks = ticks;
    for (var event : Event.values()) {
      shares.put(event, new Share());
    }
  }

  /** Who it is about; what is not known is empty. Immutable. */
  public record Who(String address, String session, String user) {}

  /** A connection was let in. */
  public void opened(Who who, String transport) {
    if (access.isInfoEnabled()) {
      about(access.atInfo().addKeyValue("event", "opened"), who)
          .addKeyValue("transport", transport)
          .log("access");
    }
  }

  /** A connection has ended; {@code code} 0: by the client, or broken. */
  public void closed(Who who, int code, long millis) {
    if (access.isInfoEnabled()) {
      about(access.atInfo().addKeyValue("event", "closed"), who)
          .addKeyValue("code", code)
          .addKeyValue("ms", millis)
          .log("access");
    }
  }

  /** Something was refused or taken away. */
  public void tell(Event event, Who who, @Nullable String room, String why) {
    var share = Objects.requireNonNull(shares.get(event));
    if (!share.admit(TimeUnit.NANOSECONDS.toSeconds(ticks.getAsLong()))) {
      share.leftOut.incrementAndGet();
      return;
    }
    var name = event.name().toLowerCase(Locale.ROOT);
    var line = about(security.atInfo().addKeyValue("event", name), who);
    line = with(line, "room", room == null ? "" : room);
    line = with(line, "why", why);
    long missing = share.leftOut.getAndSet(0);
    (missing > 0 ? line.addKeyValue("leftOut", missing) : line).log("security");
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, Who who) {
    return with(
        with(with(line, "address", who.address()), "session", who.session()), "user", who.user());
  }

  private static LoggingEventBuilder with(LoggingEventBuilder line, String key, String value) {
    return value.isEmpty() ? line : line.addKeyValue(key, plain(value));
  }

  /** One line, no quotes, not long: what others chose can't write a line of its own. */
  static String plain(String text) {
    var shown = new StringBuilder();
    text.codePoints().limit(SHOWN).forEach(c -> shown.appendCodePoint(isPlain(c) ? c : '?'));
    return shown.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED -> false;
      default -> c != '"' && c != '\\';
    };
  }
}
