package chat.parley.auth;

import chat.parley.cluster.Cluster;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is not allowed though a token says otherwise: revoked tokens, bans, kicks. The list is one value in the cluster, of which each node keeps
 * a copy, so that looking costs nothing. A change is told over the bus, which may lose it; so each node also asks twice a second what it
 * hasn't heard yet. Thread-safe: concurrent map, volatile version.
 */
public final class Blocklist {
  private static final Logger log = LoggerFactory.getLogger(Blocklist.class);
  private static final String KEY = "all";
  private static final String HINT = "parley.blocks";
  private static final Duration ASK = Duration.ofMillis(500);

  /** A kick is news for so long, then nothing. */
  private static final Duration KICK = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final SharedMap<BlockState> map;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Map<String, Block> known = new ConcurrentHashMap<>();
  private volatile boolean again;
  private volatile long version;

  private Blocklist(Vertx vertx, Cluster cluster, InstantSource clock) {
    this.vertx = vertx;
    this.map = cluster.map(AuthTypes.MAP.name());
    this.clock = clock;
  }

  /** Starts the node's copy; done when it has what the cluster has. */
  public static Future<Blocklist> start(Vertx vertx, Cluster cluster, InstantSource clock) {
    var list = new Blocklist(vertx, cluster, clock);
    vertx.eventBus().consumer(HINT, hint -> list.ask());
    vertx.setPeriodic(ASK.toMillis(), timer -> list.ask());
    return list.map.submit(KEY, new BlockNews(0)).map(news -> {
      list.took(news);
      return list;
    });
  }

  /** Calls back, on any thread, after something has changed. Never unregistered. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** All tokens of the user that were made up to now; later ones are good. */
  public Future<Void> revokeUser(String user, Instant until) {
    return say(Block.user(user), until.toEpochMilli());
  }

  /** The token of that {@code jti}. */
  public Future<Void> revokeToken(String token, Instant until) {
    return say(Block.token(token), until.toEpochMilli());
  }

  /** Keeps the user out of the room. {@code until} null: for good. */
  public Future<Void> ban(String room, String user, @Nullable Instant until) {
    return say(Block.ban(room, user), until == null ? Block.FOREVER : until.toEpochMilli());
  }

  /** Lets the user into the room again. */
  public Future<Void> unban(String room, String user) {
    return say(Block.ban(room, user), 0);
  }

  /** Puts the user out of the room, who may come back. */
  public Future<Void> kick(String room, String user) {
    return say(Block.kick(room, user), clock.millis() + KICK.toMillis());
  }

  private Future<Void> say(String key, long until) {
    long now = clock.millis();
    return take(List.of(new Block(key, now, until, 0))).onSuccess(taken -> {
      ask();
      vertx.eventBus().publish(HINT, "");
    });
  }

  private Future<Void> take(Collection<Block> blocks) {
    return map.submit(KEY, new BlockChange(List.copyOf(blocks), clock.millis()))
        .compose(taken -> taken.all()
            ? Future.succeededFuture()
            : Future.failedFuture(new UnavailableException(
                false, "the list of revocations and bans is full: " + BlockState.MOST, null)));
  }

  /** Whether this token was revoked, by its name or with all of its user's. */
  boolean revokes(Identity identity) {
    var token = identity.token();
    if (token != null && holds(Block.token(token)) != null) {
      return true;
    }
    var all = holds(Block.user(identity.user()));
    var issued = identity.issued();
    // A token counts its birth in seconds: one of the same second may be older.
    return all != null && (issued == null || issued / 1000 <= all.at() / 1000);
  }

  /** Until when the user is banned from the room, or null if not. */
  @Nullable
  Instant bannedUntil(String room, String user) {
    var ban = holds(Block.ban(room, user));
    return ban == null ? null : Instant.ofEpochMilli(ban.until());
  }

  /** Whether the user was put out of the room after the list had this version. */
  boolean kickedSince(String room, String user, long since) {
    var kick = holds(Block.kick(room, user));
    return kick != null && kick.version() > since;
  }

  /** The version of the copy. */
  long version() {
    return version;
  }

  private @Nullable Block holds(String key) {
    var block = known.get(key);
    return block != null && block.holds(clock.millis()) ? block : null;
  }

  /** One question at a time; what comes meanwhile is asked right after. */
  private void ask() {
    again = true;
    if (asking.compareAndSet(false, true)) {
      again = false;
      long since = version;
      map.submit(KEY, new BlockNews(since)).onComplete(answer -> {
        if (answer.succeeded()) {
          took(answer.result(), since);
        } else {
          log.debug("The list of blocks can't be asked for now", answer.cause());
        }
        asking.set(false);
        if (again && answer.succeeded()) {
          ask();
        }
      });
    }
  }

  private void took(BlockNews.Answer news, long since) {
    if (news.version() < since) {
      log.warn(
          "The cluster has lost its list of revocations and bans; this node's copy goes back to"
              + " it");
      version = 0;
      take(known.values()).onFailure(cause -> log.warn("It could not be put back", cause));
    } else if (news.whole() || !news.blocks().isEmpty()) {
      took(news);
      listeners.forEach(Runnable::run);
    }
  }

  private void took(BlockNews.Answer news) {
    // Replaced as a whole, so that nobody finds it empty for a moment.
    var next = news.whole() ? new ConcurrentHashMap<String, Block>() : known;
    news.blocks().forEach(block -> next.put(block.key(), block));
    long now = clock.millis();
    next.values().removeIf(block -> !block.holds(now));
    known = next;
    version = news.version();
  }
}
