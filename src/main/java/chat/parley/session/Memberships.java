package chat.parley.session;

import chat.parley.audit.Audit.Event;
import chat.parley.auth.Access;
import chat.parley.auth.Identity;
import chat.parley.auth.Right;
import chat.parley.cluster.UnavailableException;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.FrameCodec;
import chat.parley.protocol.ProtocolException;
import chat.parley.protocol.ServerFrame;
import chat.parley.room.LogEntry;
import chat.parley.room.LogEntry.Draft;
import chat.parley.room.RoomLog.Receipt;
import chat.parley.room.Subscriber.Joined;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session does in rooms: joins, says, reads and leaves. Confined to its session's event loop. */
final class Memberships {
  private static final Logger log = LoggerFactory.getLogger(Memberships.class);

  /** When a room that could not answer is worth another try. */
  private static final long RETRY_MILLIS = 500;

  /** What happened inside is for the log of a node, not for its clients. */
  private static final String UNAVAILABLE =
      "the room can't answer now: try again, a publish with the same id";

  private static final String OVERTAKEN =
      "left, or joined once more, before this join was answered";

  /** One room of this session; it counts from the asking on, and is admitted once the room has let it in. */
  private static final class Membership {
    /** The join that asked for it. */
    final ClientFrame.Join asked;

    boolean answered;
    boolean admitted;
    boolean left;
    /** Whether the others in the room have been told of this session. */
    boolean present;
    /** What is missing for each right that its user does not have here. */
    private final Map<Right, String> missing = new EnumMap<>(Right.class);

    private final long version;

    /** @param version of the list of blocks when it began */
    Membership(ClientFrame.Join asked, long version) {
      this.asked = asked;
      this.version = version;
    }

    void grant(Access access, Identity identity, String room) {
      missing.clear();
      for (var right : Right.values()) {
        var lacks = access.missing(identity, room, right);
        if (lacks != null) {
          missing.put(right, lacks);
        }
      }
    }
  }

  private final Witness witness;
  private final Session session;
  private final SessionHost host;
  private final Map<String, Membership> rooms = new HashMap<>(4);
  private final MessageIds ids;
  private int pending;
  private boolean paused;

  Memberships(Session session, SessionHost host, Witness witness) {
    this.witness = witness;
    this.session = session;
    this.host = host;
    this.ids = new MessageIds(session.id());
  }

  void dispatch(ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Join join -> join(join);
      case ClientFrame.Leave leave -> leave(leave);
      case ClientFrame.Publish publish -> publish(publish);
      case ClientFrame.Signal signal -> signal(signal);
      case ClientFrame.History history -> history(history);
      case ClientFrame.Presence presence -> presence(presence);
      case ClientFrame.Auth auth -> throw new IllegalStateException("Bug: the session's own frame");
      case ClientFrame.Ping ping -> throw new IllegalStateException("Bug: the session's own frame");
    }
  }

  private void join(ClientFrame.Join frame) {
    var room = frame.room();
    var membership = new Membership(frame, host.access().version());
    membership.grant(host.access(), session.identity(), room);
    allow(membership, Right.JOIN, frame.ref(), room);
    if (!rooms.containsKey(room) && rooms.size() >= host.settings().rooms()) {
      throw new ProtocolException(
          ErrorCode.TOO_MANY_ROOMS,
          frame.ref(),
          room,
          "at most %d rooms at a time: leave one first"
              .formatted(host.settings().rooms()));
    }
    // Joining again begins anew, from where the client says it is; to the others nothing happens.
    var before = exit(room);
    membership.present = before != null && before.present;
    rooms.put(room, membership);
    host.rooms()
        .join(room, session, frame.since(), frame.last(), joined -> joined(membership, joined))
        .onSuccess(in -> admitted(room, membership))
        .onFailure(cause -> notJoined(membership, cause));
  }

  private void joined(Membership membership, Joined joined) {
    if (!membership.left) {
      var room = membership.asked.room();
      membership.answered = true;
      session.send(new ServerFrame.Joined(
          membership.asked.ref(),
          room,
          joined.epoch(),
          joined.seq(),
          joined.recovered(),
          membership.missing.containsKey(Right.PRESENCE)
              ? null
              : host.presence().count(room, session.user())));
      host.metrics().joined(membership.asked.since() != null, joined.recovered());
      membership.present = true;
      host.presence()
          .enter(room, session.id(), session.user(), session.identity().name());
    }
  }

  private void admitted(String room, Membership membership) {
    membership.admitted = true;
    if (membership.left) {
      host.rooms().leave(room, session);
    }
  }

  private void notJoined(Membership membership, Throwable cause) {
    if (!membership.left) {
      var room = membership.asked.room();
      rooms.remove(room, membership);
      leavePresence(room, membership, true);
      session.send(failure(membership.asked.ref(), room, cause));
    }
  }

  private void leave(ClientFrame.Leave frame) {
    var membership = exit(frame.room());
    if (membership == null) {
      throw notJoined(frame.ref(), frame.room());
    }
    leavePresence(frame.room(), membership, true);
    session.send(new ServerFrame.Left(frame.ref(), frame.room(), null));
  }

  private @Nullable Membership exit(String room) {
    var membership = rooms.remove(room);
    if (membership != null) {
      membership.left = true;
      if (membership.admitted) {
        host.rooms().leave(room, session);
      }
      overtaken(membership);
    }
    return membership;
  }

  /** A request has one answer, also a join that nobody wants any more. Without a ref it could not be told from the next one's. */
  private void overtaken(Membership membership) {
    var ref = membership.asked.ref();
    if (!membership.answered && ref != null) {
      session.send(new ServerFrame.Refused(
          ref, membership.asked.room(), ErrorCode.NOT_JOINED, OVERTAKEN, null));
    }
  }

  private void leavePresence(String room, @Nullable Membership membership, boolean meant) {
    if (membership == null || !membership.present) {
      return;
    }
    if (meant) {
      host.presence().leave(room, session.id());
    } else {
      host.presence().lose(room, session.id());
    }
  }

  /** @param meant whether the user is known to be leaving; otherwise another connection may follow */
  void leaveAll(boolean meant) {
    List.copyOf(rooms.keySet()).forEach(room -> leavePresence(room, exit(room), meant));
  }

  /** Rights have changed: rooms that are no longer allowed are left. */
  void recheck() {
    for (var room : List.copyOf(rooms.keySet())) {
      var membership = Objects.requireNonNull(rooms.get(room));
      var reason = reasonToLeave(membership, room);
      if (reason != null) {
        leavePresence(room, exit(room), true);
        session.send(new ServerFrame.Left(null, room, reason));
        witness.tell(event(reason), room, reason);
      }
    }
  }

  private static Event event(String reason) {
    return switch (reason) {
      case "banned" -> Event.BANNED;
      case "kicked" -> Event.KICKED;
      default -> Event.ROOM_REFUSED;
    };
  }

  private @Nullable String reasonToLeave(Membership membership, String room) {
    var access = host.access();
    var identity = session.identity();
    membership.grant(access, identity, room);
    if (access.isBanned(identity, room)) {
      return "banned";
    } else if (access.isKicked(identity, room, membership.version)) {
      return "kicked";
    }
    return membership.missing.containsKey(Right.JOIN) ? "forbidden" : null;
  }

  /** Whether it is in the room, and has this right there. */
  boolean may(String room, Right right) {
    var membership = rooms.get(room);
    return membership != null && !membership.missing.containsKey(right);
  }

  private static void allow(Membership membership, Right right, @Nullable String ref, String room) {
    var missing = membership.missing.get(right);
    if (missing != null) {
      throw new ProtocolException(ErrorCode.FORBIDDEN, ref, room, missing);
    }
  }

  private void publish(ClientFrame.Publish frame) {
    allow(require(frame.ref(), frame.room()), Right.PUBLISH, frame.ref(), frame.room());
    var identity = session.identity();
    var given = frame.id();
    var id = given == null ? ids.next() : given;
    long began = host.nanoTime();
    begin();
    host.rooms()
        .publish(
            frame.room(),
            new Draft(identity.user(), identity.name(), id, frame.data()),
            frame.echo() ? null : session)
        .onComplete(answer -> {
          finish();
          if (answer.succeeded()) {
            host.metrics().acked(Duration.ofNanos(host.nanoTime() - began));
            session.send(ack(frame, id, answer.result()));
          } else {
            session.send(failure(frame.ref(), frame.room(), answer.cause()));
          }
        });
  }

  private static ServerFrame ack(ClientFrame.Publish frame, String id, Receipt receipt) {
    return new ServerFrame.Ack(
        frame.ref(),
        frame.room(),
        id,
        receipt.epoch(),
        receipt.seq(),
        receipt.time(),
        receipt.duplicate());
  }

  /** Nobody may have more under way than allowed: over it, what the client sends waits in its own socket. */
  private void begin() {
    pending++;
    if (pending >= host.settings().pending() && !paused) {
      paused = true;
      session.reading(false);
    }
  }

  private void finish() {
    pending--;
    if (paused && pending <= host.settings().pending() / 2) {
      paused = false;
      session.reading(true);
    }
  }

  private void signal(ClientFrame.Signal frame) {
    allow(require(frame.ref(), frame.room()), Right.PUBLISH, frame.ref(), frame.room());
    var told = new ServerFrame.Signal(frame.room(), frame.name(), session.user(), frame.data());
    host.rooms()
        .signal(frame.room(), FrameCodec.encode(told), session)
        .onFailure(cause -> session.send(failure(frame.ref(), frame.room(), cause)));
  }

  private void history(ClientFrame.History frame) {
    var room = frame.room();
    allow(require(frame.ref(), room), Right.HISTORY, frame.ref(), room);
    host.rooms().history(room, frame.before(), frame.after(), frame.limit()).onComplete(answer -> {
      if (answer.succeeded()) {
        var page = answer.result();
        Function<LogEntry, ServerFrame.Message> shown = entry -> entry.frame(room, page.epoch());
        var messages = page.entries().stream().map(shown).toList();
        session.send(
            new ServerFrame.History(frame.ref(), room, page.epoch(), messages, page.more()));
      } else {
        session.send(failure(frame.ref(), room, answer.cause()));
      }
    });
  }

  private void presence(ClientFrame.Presence frame) {
    var room = frame.room();
    allow(require(frame.ref(), room), Right.PRESENCE, frame.ref(), room);
    host.presence().list(room, frame.after(), frame.limit()).onComplete(answer -> {
      if (answer.succeeded()) {
        var page = answer.result();
        session.send(new ServerFrame.Present(
            frame.ref(), room, page.version(), page.count(), page.users(), page.more()));
      } else {
        session.send(failure(frame.ref(), room, answer.cause()));
      }
    });
  }

  private Membership require(@Nullable String ref, String room) {
    // Asked for is enough: what comes right behind a join need not wait for its answer.
    var membership = rooms.get(room);
    if (membership == null) {
      throw notJoined(ref, room);
    }
    return membership;
  }

  private static ProtocolException notJoined(@Nullable String ref, String room) {
    return new ProtocolException(ErrorCode.NOT_JOINED, ref, room, "join the room first");
  }

  private ServerFrame failure(@Nullable String ref, String room, Throwable cause) {
    if (cause instanceof UnavailableException) {
      return new ServerFrame.Refused(ref, room, ErrorCode.UNAVAILABLE, UNAVAILABLE, RETRY_MILLIS);
    }
    log.error("session {} of {}: a request to a room failed", session.id(), session.user(), cause);
    return new ServerFrame.Refused(
        ref, room, ErrorCode.INTERNAL, "the server made a mistake", RETRY_MILLIS);
  }
}
