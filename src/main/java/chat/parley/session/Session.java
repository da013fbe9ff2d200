package chat.parley.session;

import chat.parley.auth.Authenticator.BadToken;
import chat.parley.auth.Identity;
import chat.parley.metrics.Limit;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.CloseCode;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ProtocolException;
import chat.parley.protocol.ServerFrame;
import chat.parley.registry.Connection;
import chat.parley.room.Burst;
import chat.parley.room.Subscriber;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one user, from its first frame to its last. What it may do in rooms is {@link Memberships}'; here is who it is, whether it lives, and how it
 * ends. Confined to its event loop, but for what it tells of itself as a {@link Connection}.
 */
public final class Session implements Subscriber, Connection {
  /** A reader that has not taken its last frame by then is cut off. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** When a token that could not be checked is worth another try. */
  private static final long RETRY_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private enum State {
    NAMELESS,
    OPEN,
    CLOSED
  }

  private final String id = SessionId.next();
  private final SessionHost host;
  private final Transport transport;
  private final Memberships memberships;
  private State state = State.NAMELESS;
  private @Nullable Identity identity;
  private final long since;
  private long heardAt;
  private final RateLimit limits;
  private volatile long seen;
  private int badFrames;
  private int holds;
  private boolean resting;
  private long expiryTimer = -1;
  private long warningTimer = -1;
  private long helloTimer = -1;

  private Session(SessionHost host, Transport transport) {
    this.host = host;
    this.transport = transport;
    this.memberships = new Memberships(this, host);
    this.limits = new RateLimit(host);
    this.since = host.clock().millis();
    this.seen = since;
    this.heardAt = host.nanoTime();
    host.metrics().connectionOpened();
  }

  /** A session whose token was checked at the door. */
  public static Session of(SessionHost host, Transport transport, Identity identity) {
    var session = new Session(host, transport);
    session.open(identity);
    return session;
  }

  /** A session that has to authenticate with its first frame. */
  public static Session nameless(SessionHost host, Transport transport) {
    var session = new Session(host, transport);
    session.helloTimer = host.vertx()
        .setTimer(
            SessionSettings.TIME_TO_AUTHENTICATE.toMillis(),
            timer -> session.end(CloseCode.NEVER_AUTHENTICATED, null));
    return session;
  }

  private void open(Identity as) {
    identity = as;
    state = State.OPEN;
    host.vertx().cancelTimer(helloTimer);
    send(new ServerFrame.Welcome(
        id,
        as.user(),
        host.node(),
        host.settings().heartbeat().toMillis(),
        as.expires(),
        host.settings().limits()));
    watchExpiry(as);
    host.registry().open(this).onFailure(cause -> log.debug("session {} is told of later", id));
  }

  private void watchExpiry(Identity as) {
    host.vertx().cancelTimer(expiryTimer);
    host.vertx().cancelTimer(warningTimer);
    var expires = as.expires();
    if (expires == null) {
      return;
    }
    long left = expires - host.clock().millis();
    expiryTimer = after(left, () -> end(CloseCode.TOKEN_EXPIRED, null));
    long warning = host.settings().warning().toMillis();
    if (warning > 0) {
      warningTimer = after(left - warning, () -> send(new ServerFrame.Expiring(expires)));
    }
  }

  private long after(long millis, Runnable step) {
    return host.vertx().setTimer(Math.max(1, millis), timer -> step.run());
  }

  /** A whole frame came from the client: UTF-8, not longer than allowed. */
  public void received(byte[] frame) {
    if (state == State.CLOSED) {
      return;
    }
    alive();
    host.metrics().frameReceived();
    int unpaid = frame.length;
    try {
      var understood = FrameCodec.decode(frame);
      badFrames = 0;
      limits.admit(understood, frame.length, user());
      unpaid = 0;
      dispatch(understood);
    } catch (ProtocolException e) {
      refuse(e, unpaid);
    } catch (RuntimeException e) {
      log.error("session {} of {}: a frame could not be dealt with", id, user(), e);
      send(new ServerFrame.Refused(
          null, null, ErrorCode.INTERNAL, "the server made a mistake", null));
    }
  }

  /** A ping or a pong, of so many bytes. */
  public void control(int length) {
    if (state != State.CLOSED) {
      alive();
      limits.charge(length);
      slowDown();
      checkSpeed();
    }
  }

  /** A part of a frame, the last one not yet there. */
  public void part(int length) {
    if (state != State.CLOSED) {
      alive();
      limits.chargePart(length);
      slowDown();
    }
  }

  /** Who sends on and on, whatever it is told, is not read for a moment, and in the end sent away. */
  private void slowDown() {
    if (limits.isFlooding()) {
      host.metrics().limited(Limit.FLOODING);
      host.budgets().shut(user(), RateLimit.SHUT);
      end(CloseCode.FLOODING, RateLimit.SHUT.toMillis());
      reading(false);
    } else if (limits.rest() > 0 && !resting) {
      resting = true;
      reading(false);
      host.vertx().setTimer(limits.rest(), timer -> {
        resting = false;
        reading(true);
      });
    }
  }

  /** Tells the client of its mistake, a frame of so many bytes; too many in a row that are none end the session. */
  public void refuse(ProtocolException mistake, int length) {
    if (mistake.code() != ErrorCode.RATE_LIMITED) {
      limits.charge(length);
    }
    tell(mistake);
    if (state != State.CLOSED) {
      slowDown();
    }
  }

  private void tell(ProtocolException mistake) {
    if (mistake.code() != ErrorCode.BAD_FRAME) {
      badFrames = 0; // it was a frame, if not one that could be served
      send(mistake.frame());
      return;
    }
    host.metrics().badFrame();
    var ending = mistake.ending();
    if (ending != null) {
      end(ending, null);
      return;
    }
    send(mistake.frame());
    badFrames++;
    if (badFrames >= host.settings().badFrames()) {
      end(CloseCode.TOO_MANY_BAD_FRAMES, null);
    }
  }

  private void dispatch(ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Ping ping ->
        send(new ServerFrame.Pong(ping.ref(), host.clock().millis()));
      case ClientFrame.Auth auth -> authenticate(auth);
      default -> {
        if (state != State.OPEN) {
          throw new ProtocolException(
              ErrorCode.UNAUTHENTICATED,
              frame.ref(),
              null,
              "the first frame has to be \"auth\" with a token");
        }
        memberships.dispatch(frame);
      }
    }
  }

  private void authenticate(ClientFrame.Auth frame) {
    host.authenticator().authenticate(frame.token()).onComplete(answer -> {
      if (state == State.CLOSED) {
        return;
      }
      if (answer.failed()) {
        send(refusal(frame, answer.cause()));
      } else if (state == State.NAMELESS) {
        authenticated(frame, answer.result());
        open(answer.result());
      } else if (!answer.result().user().equals(user())) {
        send(new ServerFrame.Refused(
            frame.ref(),
            null,
            ErrorCode.FORBIDDEN,
            "the token is another user's: open another connection for it",
            null));
      } else {
        renewed(frame, answer.result());
      }
    });
  }

  private static ServerFrame refusal(ClientFrame.Auth frame, Throwable cause) {
    return cause instanceof BadToken bad
        ? new ServerFrame.Refused(
            frame.ref(), null, ErrorCode.UNAUTHENTICATED, String.valueOf(bad.getMessage()), null)
        : new ServerFrame.Refused(
            frame.ref(),
            null,
            ErrorCode.UNAVAILABLE,
            "the token could not be checked now: try again",
            RETRY_MILLIS);
  }

  /** What the fresh token says holds from now on. */
  private void renewed(ClientFrame.Auth frame, Identity as) {
    identity = as;
    watchExpiry(as);
    authenticated(frame, as);
    memberships.recheck();
  }

  /** Something was revoked or forbidden, perhaps to this one. */
  public void recheck() {
    if (state == State.OPEN) {
      if (host.access().isRevoked(identity())) {
        end(CloseCode.TOKEN_EXPIRED, null);
      } else {
        memberships.recheck();
      }
    }
  }

  private void authenticated(ClientFrame.Auth frame, Identity as) {
    send(new ServerFrame.Authenticated(frame.ref(), as.user(), as.expires()));
  }

  /** The other side gave a sign of life, whatever it was. */
  public void alive() {
    heardAt = host.nanoTime();
  }

  /** Asks for a sign of life, or ends the session if there was none for too long. */
  public void heartbeat() {
    if (host.nanoTime() - heardAt > host.settings().silence().toNanos()) {
      end(CloseCode.HEARTBEAT_MISSED, null);
      transport.abort();
    } else if (state != State.CLOSED && !transport.probe()) {
      alive();
    }
  }

  /** Its name, unguessable and unique in the cluster. */
  @Override
  public String id() {
    return id;
  }

  /** Whose it is; empty before it has authenticated. */
  @Override
  public String user() {
    return identity == null ? "" : identity.user();
  }

  @Override
  public String transport() {
    return transport.name();
  }

  @Override
  public long since() {
    return since;
  }

  @Override
  public long seen() {
    return seen;
  }

  @Override
  public void disconnect(CloseCode code) {
    host.rooms().onLoop(() -> end(code, null));
  }

  Identity identity() {
    return Objects.requireNonNull(identity, "Bug: not authenticated");
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  void send(ServerFrame frame) {
    if (state != State.CLOSED) {
      transport.send(FrameCodec.encode(frame));
      checkSpeed();
    }
  }

  /** Off as often as on again: there is more than one reason not to read. */
  void reading(boolean on) {
    holds += on ? -1 : 1;
    if (holds == (on ? 0 : 1)) {
      transport.reading(on);
    }
  }

  /** A room refused a message of this session since too much is said there. */
  void limitedByRoom() {
    limits.refusedByRoom();
    slowDown();
  }

  @Override
  public void deliver(Burst burst) {
    if (state != State.CLOSED) {
      transport.send(burst);
      checkSpeed();
    }
  }

  @Override
  public void renumbered(String room, Joined joined) {
    send(
        new ServerFrame.Joined(null, room, joined.epoch(), joined.seq(), joined.recovered(), null));
  }

  @Override
  public Future<Void> ready() {
    return transport.queuedBytes() < host.settings().outboxBytes() / 4
        ? Future.succeededFuture()
        : transport.drained();
  }

  private void checkSpeed() {
    if (transport.queuedBytes() <= host.settings().outboxBytes()) {
      return;
    }
    transport.flush(); // perhaps it has only come too much in one turn
    if (transport.queuedBytes() > host.settings().outboxBytes() && state != State.CLOSED) {
      host.metrics().slowReader();
      // Behind the very backlog: who reads slowly hears why, who doesn't read is cut off soon.
      end(CloseCode.TOO_SLOW, null);
    }
  }

  /** Ends the session: a last frame that says why, then the connection. {@code reconnectAfter} in ms, or null. */
  public void end(CloseCode code, @Nullable Long reconnectAfter) {
    if (state != State.CLOSED) {
      transport.send(FrameCodec.encode(new ServerFrame.Bye(code, reconnectAfter)));
      transport.close(code);
      // A peer that no longer reads would keep the connection open.
      host.vertx().setTimer(FAREWELL.toMillis(), timer -> transport.abort());
      closed();
    }
  }

  /** The connection has gone; or it is as good as gone. */
  public void closed() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      host.vertx().cancelTimer(expiryTimer);
      host.vertx().cancelTimer(warningTimer);
      host.vertx().cancelTimer(helloTimer);
      if (identity != null) {
        host.registry().close(this);
      }
      memberships.leaveAll();
      host.metrics().connectionClosed();
    }
  }
}
