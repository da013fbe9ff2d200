package chat.parley.session;

import chat.parley.metrics.Limit;
import chat.parley.metrics.Metrics;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.ProtocolException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a session sends, weighed: too much is refused, and refused too often is flooding. A refused frame costs as much as one that is served, so a client that doesn't
 * heed a refusal is not read for a while. Confined to its session's event loop.
 */
final class RateLimit {
  /** Time in which refusals are counted. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** So long the user of a session that was closed for flooding has to stay away. */
  static final Duration SHUT = Duration.ofSeconds(10);

  /** Who goes on after so many refusals in a row (of long frames: fewer) is not read until there is room again. */
  static final int PATIENCE = 20;

  /** Reading a long frame, only to refuse it, is the work of several short ones. */
  private static final int HEAVY_BYTES = 4 * 1024;

  private static final long REST_MILLIS = 250;

  private final SessionHost host;
  private final Rates rates;
  private final Metrics metrics;
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final TokenBucket joins;
  private final TokenBucket reads;
  private final TokenBucket others;
  private int refused;
  private int inARow;
  private int weight;
  private long windowBegan;

  RateLimit(SessionHost host) {
    this.host = host;
    this.rates = host.settings().rates();
    this.metrics = host.metrics();
    long now = host.nanoTime();
    messages = new TokenBucket(rates.messages(), now);
    bytes = new TokenBucket(rates.bytes(), now);
    joins = new TokenBucket(
        rates.joins(), Math.max(2 * rates.joins(), host.settings().rooms()), now);
    reads = new TokenBucket(rates.reads(), now);
    others = new TokenBucket(rates.others(), now);
    windowBegan = now;
  }

  /**
   * Lets a frame pass.
   *
   * @param length its bytes
   * @param user whose session it is; empty: not known yet
   * @throws ProtocolException {@code rate_limited}, with the time to wait
   */
  void admit(ClientFrame frame, int length, String user) {
    long now = host.nanoTime();
    weight = length / HEAVY_BYTES;
    check(Limit.BYTES, rates.bytes(), bytes.take(now, length, 1), frame);
    switch (frame) {
      case ClientFrame.Publish publish -> message(publish, length, user, now);
      case ClientFrame.Signal signal -> message(signal, length, user, now);
      case ClientFrame.Join join -> check(Limit.JOINS, rates.joins(), joins.take(now), join);
      case ClientFrame.History read -> check(Limit.READS, rates.reads(), reads.take(now), read);
      case ClientFrame.Presence read -> check(Limit.READS, rates.reads(), reads.take(now), read);
      default -> check(Limit.OTHERS, rates.others(), others.take(now), frame);
    }
    inARow = 0;
  }

  private void message(ClientFrame frame, int length, String user, long now) {
    check(Limit.MESSAGES, rates.messages(), messages.take(now), frame);
    if (!user.isEmpty() && rates.userMessages() + rates.userBytes() > 0) {
      var budget = host.budgets().of(user);
      check(Limit.USER_MESSAGES, rates.userMessages(), budget.message(now), frame);
      check(Limit.USER_BYTES, rates.userBytes(), budget.bytes(now, length), frame);
    }
  }

  private void check(Limit limit, int rate, long wait, ClientFrame frame) {
    if (wait > 0) {
      refused(limit);
      throw new ProtocolException(
          ErrorCode.RATE_LIMITED, frame.ref(), room(frame), limit.told(rate), wait);
    }
  }

  private static @Nullable String room(ClientFrame frame) {
    return switch (frame) {
      case ClientFrame.Join join -> join.room();
      case ClientFrame.Leave leave -> leave.room();
      case ClientFrame.Publish publish -> publish.room();
      case ClientFrame.Signal signal -> signal.room();
      case ClientFrame.History history -> history.room();
      case ClientFrame.Presence presence -> presence.room();
      case ClientFrame.Auth auth -> null;
      case ClientFrame.Ping ping -> null;
    };
  }

  /** A frame that is refused for another reason, a control frame, or a part of a frame: it costs something too. */
  void charge(int length) {
    long now = host.nanoTime();
    weight = length / HEAVY_BYTES;
    // Both are taken, whatever the other says.
    boolean over = bytes.take(now, length, 1) > 0;
    if (others.take(now) > 0 || over) {
      refused(Limit.OTHERS);
    } else {
      inARow = 0;
    }
  }

  /** Part of a message in fragments: bytes alone, and something for the work. */
  void chargePart(int length) {
    if (bytes.take(host.nanoTime(), length, 1) > 0) {
      refused(Limit.BYTES);
    }
  }

  private void refused(Limit limit) {
    metrics.limited(limit);
    long now = host.nanoTime();
    if (now - windowBegan > WINDOW.toNanos()) {
      windowBegan = now;
      refused = 0;
    }
    refused++;
    inARow += 1 + weight;
  }

  /** Whether it was refused so often that it can only be meant. */
  boolean isFlooding() {
    return rates.refusals() > 0 && refused >= rates.refusals();
  }

  /** The ms for which not to read what else it sends; 0: read on. */
  long rest() {
    return inARow < PATIENCE ? 0 : REST_MILLIS;
  }
}
