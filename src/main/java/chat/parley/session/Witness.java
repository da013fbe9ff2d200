package chat.parley.session;

import chat.parley.audit.Audit;
import chat.parley.audit.Audit.Event;
import chat.parley.audit.Audit.Who;
import chat.parley.protocol.CloseCode;
import chat.parley.protocol.ErrorCode;
import chat.parley.protocol.ProtocolException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is written down of one session. Confined to its event loop. */
final class Witness {
  /** Ends that somebody who watches over the server wants to hear of. */
  private static final Set<CloseCode> TOLD = EnumSet.of(
      CloseCode.FLOODING,
      CloseCode.TOO_SLOW,
      CloseCode.TOO_MANY_BAD_FRAMES,
      CloseCode.NEVER_AUTHENTICATED,
      CloseCode.BANNED);

  private final Audit audit;
  private final Transport transport;
  private final Session session;
  private int code;

  Witness(Audit audit, Transport transport, Session session) {
    this.audit = audit;
    this.transport = transport;
    this.session = session;
  }

  private Who who() {
    return new Who(transport.address(), session.id(), session.user());
  }

  void tell(Event event, @Nullable String room, String why) {
    audit.tell(event, who(), room, why);
  }

  /** A request was refused: of interest if it asked for what is not the user's. */
  void refused(ProtocolException mistake) {
    if (mistake.code() == ErrorCode.FORBIDDEN) {
      var refused = mistake.frame();
      tell(Event.ROOM_REFUSED, refused.room(), refused.message());
    }
  }

  void opened() {
    audit.opened(who(), transport.name());
  }

  /** The server ends it. */
  void ending(CloseCode why) {
    code = why.code();
    if (TOLD.contains(why)) {
      tell(Event.SESSION_ENDED, null, why.reason());
    }
  }

  void closed(long millis) {
    audit.closed(who(), code, millis);
  }
}
