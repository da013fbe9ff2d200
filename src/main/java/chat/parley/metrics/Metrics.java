package chat.parley.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * All meters, with their names; no label grows with users or rooms. Thread-safe: meters are.
 */
public final class Metrics {
  private final MeterRegistry registry;
  private final Counter opened;
  private final Counter closed;
  private final Counter received;
  private final Counter badFrames;
  private final Counter published;
  private final Counter duplicates;
  private final DistributionSummary batches;
  private final Counter repeats;
  private final Counter delivered;
  private final Counter repaired;
  private final Counter dropped;
  private final LongAdder busQueued = new LongAdder();
  private final Counter presencePushes;
  private final Counter presenceRepairs;
  private final Counter slow;
  private final Counter sentAway;
  private final Map<Limit, Counter> limited;
  private final Counter ephemeral;
  private final Counter heartbeats;
  private final Counter silent;
  private final Counter registryCalls;
  private final Counter forwarded;
  private final Counter notForwarded;
  private final Timer acks;

  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    opened = counter("parley.connections.opened", "Connections that were let in");
    closed = counter("parley.connections.closed", "Connections that ended");
    received = counter("parley.frames.received", "Frames that clients sent");
    badFrames = counter("parley.frames.bad", "Frames that were not understood");
    published =
        counter("parley.messages.accepted", "Messages that this node brought into a room's log");
    duplicates =
        counter("parley.messages.duplicate", "Publishes that repeated an accepted message");
    batches = DistributionSummary.builder("parley.append.batch")
        .description("Messages that went into a log by one call")
        .register(registry);
    repeats = counter(
        "parley.append.repeats", "Appends that were repeated since their answer was doubtful");
    delivered = counter("parley.frames.delivered", "Frames written to members of rooms");
    repaired = counter(
        "parley.repair.messages", "Messages read from a log since the bus did not bring them");
    dropped =
        counter("parley.bus.dropped", "Parcels not sent to a node that is slow or does not answer");
    Gauge.builder("parley.bus.queued", busQueued, LongAdder::sum)
        .description("What waits for other nodes or is not yet confirmed by them")
        .baseUnit("bytes")
        .register(registry);
    presencePushes = counter(
        "parley.presence.pushes",
        "Changes of presence that this node told its members of, one per room and frame");
    presenceRepairs = counter(
        "parley.presence.repairs",
        "Times that a room's presence was read anew since something was missed or differed");
    sentAway = counter(
        "parley.connections.sent.away", "Connections whose client was asked to go to another node");
    slow = counter("parley.connections.slow", "Connections closed since they read too slowly");
    limited = limits(registry);
    ephemeral =
        counter("parley.frames.dropped", "Signals and the like that a slow reader was spared");
    heartbeats = counter("parley.heartbeats", "Pings sent to clients that had said nothing");
    silent = counter(
        "parley.connections.silent", "Connections closed since their peer gave no sign of life");
    registryCalls = counter(
        "parley.registry.calls", "Calls that told the cluster how this node and its sessions are");
    forwarded = counter(
        "parley.sockjs.forwarded", "SockJS requests handed on to the node of their session");
    notForwarded = counter(
        "parley.sockjs.refused", "SockJS requests refused since too many were being handed on");
    acks = Timer.builder("parley.ack")
        .description("From a publish frame to its ack")
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(100_000))
        .maximumExpectedValue(Duration.ofSeconds(5))
        .register(registry);
  }

  private static Map<Limit, Counter> limits(MeterRegistry registry) {
    var counters = new EnumMap<Limit, Counter>(Limit.class);
    for (var limit : Limit.values()) {
      counters.put(
          limit,
          Counter.builder("parley.limited")
              .description("Requests and connections refused since a limit was reached")
              .tag("limit", limit.label())
              .register(registry));
    }
    return counters;
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  /** Shows a number that is asked for when somebody looks; the supplier may be called by any thread. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }

  public void connectionOpened() {
    opened.increment();
  }

  public void connectionClosed() {
    closed.increment();
  }

  /** A client was asked to connect to another node. */
  public void sentAway() {
    sentAway.increment();
  }

  public void frameReceived() {
    received.increment();
  }

  public void badFrame() {
    badFrames.increment();
  }

  /** One call brought so many messages to a log, of which so many were new. */
  public void appended(int messages, int fresh) {
    batches.record(messages);
    published.increment(fresh);
    if (messages > fresh) {
      duplicates.increment(messages - fresh);
    }
  }

  public void appendRepeated() {
    repeats.increment();
  }

  public void delivered(int frames) {
    delivered.increment(frames);
  }

  public void repaired(int messages) {
    repaired.increment(messages);
  }

  /** So many bytes more wait for other nodes, or so many fewer. */
  public void busQueued(int bytes) {
    busQueued.add(bytes);
  }

  /** Bytes that wait for other nodes or are not yet confirmed by them. */
  public long busQueuedBytes() {
    return busQueued.sum();
  }

  public void parcelsDropped(int parcels) {
    dropped.increment(parcels);
  }

  public void presencePushed() {
    presencePushes.increment();
  }

  public void presenceRepaired() {
    presenceRepairs.increment();
  }

  public void slowReader() {
    slow.increment();
  }

  /** Somebody ran into a limit. */
  public void limited(Limit limit) {
    Objects.requireNonNull(limited.get(limit)).increment();
  }

  /** So many frames that may be lost were not sent to a reader who lags. */
  public void ephemeralDropped(int frames) {
    ephemeral.increment(frames);
  }

  public void heartbeatSent() {
    heartbeats.increment();
  }

  public void heartbeatMissed() {
    silent.increment();
  }

  public void registryCalled() {
    registryCalls.increment();
  }

  public void sockJsForwarded() {
    forwarded.increment();
  }

  public void sockJsNotForwarded() {
    notForwarded.increment();
  }

  public void acked(Duration since) {
    acks.record(since);
  }
}
