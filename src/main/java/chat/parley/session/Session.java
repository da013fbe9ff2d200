package chat.parley.session;

import chat.parley.audit.Audit.Event;
import chat.parley.auth.Identity;
import chat.parley.auth.Right;
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
  private final SignIn signIn;
  private final Witness witness;
  private State state = State.NAMELESS;
  private @Nullable Identity identity;
  private final long since;
  private final Heartbeat heart;
  private final Deadlines deadlines;
  private final Intake intake;
  private int badFrames;
  /** Its client was asked to connect again elsewhere. */
  private boolean sentAway;

  private Session(SessionHost host, Transport transport) {
    this.host = host;
    this.transport = transport;
    this.witness = new Witness(host.audit(), transport, this);
    this.memberships = new Memberships(this, host, witness);
    this.signIn = new SignIn(this, host, witness);
    this.deadlines = new Deadlines(this, host);
    this.intake = new Intake(host, transport);
    this.since = host.clock().millis();
    this.heart = new Heartbeat(host, transport);
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
    session.deadlines.awaitName();
    return session;
  }

  void open(Identity as) {
    identity = as;
    state = State.OPEN;
    send(new ServerFrame.Welcome(
        id,
        as.user(),
        host.node(),
        host.settings().heartbeat().toMillis(),
        as.expires(),
        host.settings().limits()));
    deadlines.watch(as);
    witness.opened();
    host.registry().open(this).onFailure(cause -> log.debug("session {} is told of later", id));
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
      intake.admit(understood, frame.length, user());
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
      intake.charge(length);
      slowDown();
      checkSpeed();
    }
  }

  /** A part of a frame, the last one not yet there. */
  public void part(int length) {
    if (state != State.CLOSED) {
      alive();
      intake.chargePart(length);
      slowDown();
    }
  }

  /** Who sends on and on, whatever it is told, is not read for a moment, and in the end sent away. */
  private void slowDown() {
    if (state != State.CLOSED && intake.isFlooding(user())) {
      end(CloseCode.FLOODING, RateLimit.SHUT.toMillis());
    }
  }

  /** Tells the client of its mistake, a frame of so many bytes; too many in a row that are none end the session. */
  public void refuse(ProtocolException mistake, int length) {
    if (mistake.code() != ErrorCode.RATE_LIMITED) {
      intake.charge(length);
    }
    tell(mistake);
    slowDown();
  }

  private void tell(ProtocolException mistake) {
    if (mistake.code() != ErrorCode.BAD_FRAME) {
      badFrames = 0; // it was a frame, if not one that could be served
      send(mistake.frame());
      witness.refused(mistake);
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
      case ClientFrame.Auth auth -> signIn.received(auth);
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

  /** What the fresh token says holds from now on. */
  void renew(Identity as) {
    identity = as;
    deadlines.watch(as);
    memberships.recheck();
  }

  /** Something was revoked or forbidden, perhaps to this one. */
  public void recheck() {
    if (state == State.OPEN) {
      if (host.access().isRevoked(identity())) {
        witness.tell(Event.TOKEN_REVOKED, null, "");
        end(CloseCode.TOKEN_EXPIRED, null);
      } else {
        memberships.recheck();
      }
    }
  }

  /** The other side gave a sign of life, whatever it was: a frame, a part of one, an answer to a probe. */
  public void alive() {
    heart.alive();
  }

  /** The same, told on any thread. */
  public void heard() {
    host.rooms().onLoop(this::alive);
  }

  /**
   * Begins to watch for signs of life.
   *
   * @param phase the session's own moment in the interval
   * @return nanoseconds until the first {@link #heartbeat}
   */
  public long beat(Duration phase) {
    return heart.begin(phase);
  }

  /**
   * Asks for a sign of life if it is time to, or ends the session if there was none for too long.
   *
   * @return nanoseconds until the next time; less than 0: never again
   */
  public long heartbeat() {
    long next = state == State.CLOSED ? -1 : heart.beat(intake.isHeld());
    if (next < 0 && state != State.CLOSED) {
      end(CloseCode.HEARTBEAT_MISSED, null);
      transport.abort();
    }
    return next;
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
    return heart.seen();
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

  boolean isNameless() {
    return state == State.NAMELESS;
  }

  void send(ServerFrame frame) {
    if (state != State.CLOSED) {
      transport.send(FrameCodec.encode(frame));
      checkSpeed();
    }
  }

  void reading(boolean on) {
    intake.reading(on);
  }

  @Override
  public void deliver(Burst burst) {
    if (state != State.CLOSED) {
      // A reader who lags is spared what may be lost, before it is too slow for the rest.
      if (burst.ephemeral() > 0 && transport.queuedBytes() > host.settings().outboxBytes() / 2) {
        host.metrics().ephemeralDropped(burst.ephemeral());
        burst.lasting(transport::send);
      } else {
        transport.send(burst);
      }
      checkSpeed();
    }
  }

  @Override
  public boolean hearsAnnouncements(String room) {
    return memberships.may(room, Right.PRESENCE);
  }

  @Override
  public void renumbered(String room, Joined joined) {
    host.metrics().wentOn(joined.recovered());
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

  /**
   * Asks the client to connect again, to another node, after so many ms. However its connection ends from then on, nobody has left: another one follows. Who has
   * not said who it is has nothing to take along, and is told goodbye.
   */
  public void sendAway(long reconnectAfter) {
    sentAway = true;
    host.metrics().sentAway();
    if (state == State.NAMELESS) {
      end(CloseCode.LEAVING, reconnectAfter);
    } else {
      send(new ServerFrame.Goaway(reconnectAfter));
    }
  }

  /** Whether it was asked to go. */
  public boolean isSentAway() {
    return sentAway;
  }

  /** Ends the session: a last frame that says why, then the connection. {@code reconnectAfter} in ms, or null. */
  public void end(CloseCode code, @Nullable Long reconnectAfter) {
    if (state != State.CLOSED) {
      witness.ending(code);
      intake.ending(code, user());
      transport.send(FrameCodec.encode(new ServerFrame.Bye(code, reconnectAfter)));
      transport.close(code);
      over(code == CloseCode.BYE || !code.reconnect());
    }
  }

  /** The connection has gone, or is as good as gone; nobody said that it should. */
  public void closed() {
    over(false);
  }

  /** The client has closed the connection, and meant to. */
  public void left() {
    over(!sentAway);
  }

  /** @param meant whether the user is known to be leaving; otherwise another connection may follow */
  private void over(boolean meant) {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      // A peer that no longer reads would keep the connection open.
      host.vertx().setTimer(FAREWELL.toMillis(), timer -> transport.abort());
      deadlines.cancel();
      if (identity != null) {
        host.registry().close(this);
        witness.closed(host.clock().millis() - since);
      }
      memberships.leaveAll(meant);
      host.metrics().connectionClosed();
    }
  }
}
