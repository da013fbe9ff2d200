package chat.parley.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All meters, with their names; no label grows with users or rooms. What is counted on the path of a message costs next to nothing there (see
 * {@link Tally}). Thread-safe: meters are.
 */
public final class Metrics {
  private final MeterRegistry registry;
  private final Counter opened;
  private final Counter closed;
  private final Counter badFrames;
  private final Counter joins;
  private final Counter resumed;
  private final Counter gaps;
  private final Counter repeats;
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
  private final Tally received;
  private final Tally accepted;
  private final Tally duplicates;
  private final Tally delivered;
  private final Spread acks = Spread.ofSeconds("parley_ack_seconds", "From a publish to its ack");
  private final Spread deliveries = Spread.ofSeconds(
      "parley_delivery_seconds",
      "From a message's acceptance, by its node's clock, to its writing to members");
  private final Spread fanOut = Spread.ofCounts(
      "parley_fanout_members", "Members on one event loop that a message was written to");
  private final Spread batches =
      Spread.ofCounts("parley_append_batch", "Messages that went into a log by one call");
  private final Spread lag =
      Spread.ofSeconds("parley_loop_lag_seconds", "How late an event loop came to what was due");
  private final Peers peers = new Peers();

  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    opened = counter("parley.connections.opened", "Connections that were let in");
    closed = counter("parley.connections.closed", "Connections that ended");
    received = tally("parley.frames.received", "Frames that clients sent");
    badFrames = counter("parley.frames.bad", "Frames that were not understood");
    joins = counter("parley.joins", "Times that a session was let into a room");
    resumed = counter("parley.joins.resumed", "Those that went on right where they had been");
    gaps = counter(
        "parley.gaps", "Times that a member was told that it can't have all that it missed");
    accepted =
        tally("parley.messages.accepted", "Messages that this node brought into a room's log");
    duplicates = tally("parley.messages.duplicate", "Publishes that repeated an accepted message");
    repeats = counter(
        "parley.append.repeats", "Appends that were repeated since their answer was doubtful");
    delivered = tally("parley.frames.delivered", "Frames written to members of rooms");
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
  }

  private Tally tally(String name, String description) {
    var cells = new Tally(1);
    FunctionCounter.builder(name, cells, tally -> tally.sum(0))
        .description(description)
        .register(registry);
    return cells;
  }

  /** The meters that Micrometer has no form for, for Prometheus' own registry. */
  public MultiCollector collector() {
    var spreads = List.of(acks, deliveries, fanOut, batches, lag);
    return new MultiCollector() {
      @Override
      public MetricSnapshots collect() {
        return new MetricSnapshots(
            Stream.concat(spreads.stream().map(Spread::snapshot), Stream.of(peers.snapshot()))
                .toList());
      }

      @Override
      public List<String> getPrometheusNames() {
        return Stream.concat(spreads.stream().map(Spread::name), Stream.of(Peers.NAME))
            .toList();
      }
    };
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
    received.add(0, 1);
  }

  public void badFrame() {
    badFrames.increment();
  }

  /** One call brought so many messages to a log, of which so many were new. */
  public void appended(int messages, int fresh) {
    batches.record(messages);
    accepted.add(0, fresh);
    if (messages > fresh) {
      duplicates.add(0, messages - fresh);
    }
  }

  public void appendRepeated() {
    repeats.increment();
  }

  /** So many frames of one room went to each of so many members. */
  public void delivered(int frames, int members) {
    delivered.add(0, (long) frames * members);
    fanOut.record(members, frames);
  }

  /** A message reached its members so long after it was accepted. */
  public void deliveredAfter(Duration time) {
    deliveries.record(Math.max(0, time.toNanos()));
  }

  /**
   * A session is in a room.
   *
   * @param since whether it says it had been there
   * @param recovered whether it gets all that it missed
   */
  public void joined(boolean since, boolean recovered) {
    joins.increment();
    if (since && recovered) {
      resumed.increment();
    } else if (since) {
      gaps.increment();
    }
  }

  /** A room goes on in another numbering, for a member that can have all of it or has missed something for good. */
  public void wentOn(boolean recovered) {
    if (!recovered) {
      gaps.increment();
    }
  }

  /** An event loop came so late to what was due. */
  public void loopLag(Duration late) {
    lag.record(Math.max(0, late.toNanos()));
  }

  public void repaired(int messages) {
    repaired.increment(messages);
  }

  /** So many bytes more wait for that node, or so many fewer. */
  public void busQueued(String node, int bytes) {
    busQueued.add(bytes);
    peers.queued(node, bytes);
  }

  /** That node has left. */
  public void peerGone(String node) {
    peers.gone(node);
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
    acks.record(since.toNanos());
  }
}
