package chat.parley.session;

import chat.parley.audit.Audit;
import chat.parley.auth.Access;
import chat.parley.auth.Authenticator;
import chat.parley.auth.Identity;
import chat.parley.metrics.Limit;
import chat.parley.metrics.Metrics;
import chat.parley.presence.PresenceNode;
import chat.parley.presence.PresenceSettings;
import chat.parley.registry.Registry;
import chat.parley.registry.Vitals;
import chat.parley.room.Retention;
import chat.parley.room.RetentionRules;
import chat.parley.room.RoomNode;
import chat.parley.testing.Await;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Sessions on one event loop, over real rooms in a cluster of one. Confined to the test's thread; steps run on the event loop. */
abstract class SessionStage {
  static final SessionSettings SETTINGS = new SessionSettings(
      65_536,
      3,
      Rates.NONE,
      10_000,
      4,
      3,
      Duration.ofSeconds(30),
      Duration.ofSeconds(60),
      Duration.ofSeconds(30));

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  final Context loop = vertx.getOrCreateContext();
  final HeldCluster cluster = new HeldCluster();
  final MeterRegistry meters = new SimpleMeterRegistry();
  Access access = Access.OPEN;
  /** Who a token is of; of any other one, its own text. */
  final Map<String, Identity> tokens = new HashMap<>();

  private final Metrics metrics = new Metrics(meters);
  private volatile Duration elapsed = Duration.ZERO;
  Budgets budgets = budgets(Rates.NONE);
  private final RoomNode rooms = Await.result(
      "rooms",
      RoomNode.start(
          vertx,
          cluster,
          new RetentionRules(new Retention(1_000, 86_400_000, 10_000), List.of()),
          InstantSource.system(),
          Duration.ofSeconds(5),
          metrics));

  private final PresenceNode presence = Await.result(
      "presence",
      PresenceNode.start(
          vertx,
          cluster,
          rooms,
          new PresenceSettings(Duration.ofSeconds(2), 200),
          InstantSource.system(),
          metrics));
  final Registry registry = Await.result("a registry", startRegistry());

  private Future<Registry> startRegistry() {
    Promise<Registry> started = Promise.promise();
    var settings = new Registry.Settings("test", Duration.ofSeconds(30));
    loop.runOnContext(now -> Registry.start(
            vertx, cluster, InstantSource.system(), settings, new IdleHost(), metrics)
        .onComplete(started));
    return started.future();
  }

  /** A node with nothing to tell of itself. */
  private static final class IdleHost implements Registry.Host {
    @Override
    public String address() {
      return "127.0.0.1:8080";
    }

    @Override
    public Future<Vitals> vitals(int sessions) {
      return Future.succeededFuture(new Vitals(sessions, 0, 0, 0, 0));
    }

    @Override
    public boolean leaving() {
      return false;
    }
  }

  @AfterEach
  void close() {
    Await.result("closing", vertx.close());
  }

  <T> T on(Supplier<T> step) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(now -> {
      try {
        done.complete(step.get());
      } catch (RuntimeException | Error e) {
        done.fail(e);
      }
    });
    return Await.result("a step", done.future());
  }

  void on(Runnable step) {
    on(() -> {
      step.run();
      return true;
    });
  }

  /** Whatever the loop was about to do is done. */
  void settle() {
    for (int i = 0; i < 5; i++) {
      on(() -> {});
    }
  }

  SessionHost host(SessionSettings settings) {
    Authenticator anyToken = token -> token.isEmpty()
        ? Future.failedFuture(new Authenticator.BadToken("no token"))
        : Future.succeededFuture(tokens.getOrDefault(token, identity(token, null)));
    return new SessionHost(
        vertx,
        "n1",
        rooms.onThisLoop(),
        presence.onThisLoop(),
        registry,
        anyToken,
        access,
        settings,
        budgets,
        metrics,
        new Audit(System::nanoTime),
        InstantSource.system(),
        () -> elapsed.toNanos());
  }

  /** Budgets of users whose sessions are on these nodes. */
  Budgets budgets(Rates rates, String... nodes) {
    return new Budgets(rates, 0, clock(), user -> Future.succeededFuture(List.of(nodes)), metrics);
  }

  /** Rooms that have members. */
  Future<Integer> roomCount() {
    return rooms.roomCount();
  }

  /** The sessions' time. */
  LongSupplier clock() {
    return () -> elapsed.toNanos();
  }

  /** Lets the sessions believe that so much time has passed. */
  void pass(Duration time) {
    on(() -> elapsed = elapsed.plus(time));
  }

  static Identity identity(String user, @Nullable Long expires) {
    return new Identity(user, null, expires, null, Identity.Role.MEMBER);
  }

  /** A user's connection, and what went over it. */
  final class Line {
    final Wiretap wire = new Wiretap();
    final Session session;

    Line(String user, SessionSettings settings) {
      session = on(() -> Session.of(host(settings), wire, identity(user, null)));
    }

    Line says(String... frames) {
      on(() -> {
        for (var frame : frames) {
          session.received(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
      });
      settle();
      return this;
    }

    List<String> heard() {
      return on(wire::types);
    }
  }

  Line line(String user) {
    return new Line(user, SETTINGS);
  }

  static String join(String room) {
    return "{'type':'join','ref':1,'room':'" + room + "'}";
  }

  static String publish(String room, String data) {
    return "{'type':'publish','ref':2,'room':'" + room + "','data':'" + data + "'}";
  }

  double limited(Limit limit) {
    return meters.get("parley.limited").tag("limit", limit.label()).counter().count();
  }

  double count(String meter) {
    return meters.get(meter).meter().measure().iterator().next().getValue();
  }
}
