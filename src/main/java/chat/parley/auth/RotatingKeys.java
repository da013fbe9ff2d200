package chat.parley.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JWKS that is read again in the background, and at once when a token names a key that it doesn't know, but then not more often
 * than every few seconds: who sends made-up names makes nobody ask more. While it can't be read, what was read last holds.
 * Thread-safe: its state is volatile and replaced as a whole, one reading is under way at a time.
 */
public final class RotatingKeys implements KeySource {
  private static final Logger log = LoggerFactory.getLogger(RotatingKeys.class);

  /** The least pause between two readings that tokens ask for. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final String name;
  private final Supplier<Future<Buffer>> reader;
  private final Duration every;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Future<KeySet>> reading = new AtomicReference<>();
  private volatile KeySet known = KeySet.EMPTY;
  private volatile Instant asked = Instant.MIN;
  private volatile boolean read;
  private volatile boolean failing;

  /**
   * @param name of the file or URL, for the log
   * @param reader reads it, without blocking
   * @param every how often it is read again
   */
  public RotatingKeys(
      Vertx vertx,
      String name,
      Supplier<Future<Buffer>> reader,
      Duration every,
      InstantSource clock) {
    this.vertx = vertx;
    this.name = name;
    this.reader = reader;
    this.every = every;
    this.clock = clock;
  }

  /** Reads it for the first time and from then on in the background. Done when that was tried: a node whose JWKS is away starts, and asks again. */
  public Future<Void> start() {
    return read().mapEmpty();
  }

  @Override
  public KeySet keys() {
    return known;
  }

  @Override
  public boolean waiting() {
    return !read;
  }

  @Override
  public Future<KeySet> newer() {
    var underWay = reading.get();
    if (underWay != null) {
      return underWay;
    }
    return asked.plus(PAUSE).isAfter(clock.instant()) ? Future.succeededFuture(known) : read();
  }

  private Future<KeySet> read() {
    var mine = Promise.<KeySet>promise();
    var other = reading.compareAndExchange(null, mine.future());
    if (other != null) {
      return other;
    }
    asked = clock.instant();
    Future.succeededFuture()
        .compose(now -> reader.get())
        .map(JsonWebKeys::parse)
        .onSuccess(this::took)
        .onFailure(this::failed)
        .onComplete(done -> {
          reading.set(null);
          again();
          mine.complete(known);
        });
    return mine.future();
  }

  private void took(KeySet keys) {
    if (failing) {
      log.info("The JWKS {} can be read again", name);
    }
    if (keys.isEmpty()) {
      log.warn("The JWKS {} has no key that can be used: no token of it is accepted", name);
    } else if (!keys.toString().equals(known.toString())) {
      log.info("The JWKS {} has {}", name, keys);
    }
    known = keys;
    read = true;
    failing = false;
  }

  private void failed(Throwable why) {
    if (!failing) {
      log.warn(
          "The JWKS {} can't be read, {} holds until it can: {}",
          name,
          known.isEmpty() ? "nothing" : "what was read last",
          why.getMessage());
    }
    failing = true;
  }

  /** One timer at a time: each reading sets the next. */
  private void again() {
    var pause = failing && PAUSE.compareTo(every) < 0 ? PAUSE : every;
    long before = asked.toEpochMilli();
    vertx.setTimer(pause.toMillis(), timer -> {
      if (asked.toEpochMilli() == before) {
        read();
      }
    });
  }
}
