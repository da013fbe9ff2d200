package chat.parley.session;

import chat.parley.audit.Audit.Event;
import chat.parley.auth.Identity;
import chat.parley.protocol.ClientFrame;
import chat.parley.protocol.ServerFrame;

/** What a session does with tokens that come in {@code auth} frames: the one it begins with, and fresh ones. Confined to its session's event loop. */
final class SignIn {
  private final Session session;
  private final SessionHost host;
  private final Witness witness;

  SignIn(Session session, SessionHost host, Witness witness) {
    this.session = session;
    this.host = host;
    this.witness = witness;
  }

  void received(ClientFrame.Auth frame) {
    host.authenticator().authenticate(frame.token()).onComplete(answer -> {
      if (session.isClosed()) {
        return;
      }
      if (answer.failed()) {
        session.send(TokenRefusal.of(frame.ref(), answer.cause()));
        witness.tell(Event.TOKEN_REFUSED, null, String.valueOf(answer.cause().getMessage()));
      } else if (session.isNameless()) {
        begin(frame, answer.result());
      } else if (!answer.result().user().equals(session.user())) {
        session.send(TokenRefusal.ofAnotherUser(frame.ref()));
      } else {
        confirm(frame, answer.result());
        session.renew(answer.result());
      }
    });
  }

  private void begin(ClientFrame.Auth frame, Identity as) {
    host.budgets().admit(as.user()).onComplete(answer -> {
      if (session.isNameless() && answer.succeeded()) {
        confirm(frame, as);
        session.open(as);
      } else if (answer.cause() instanceof Budgets.NoRoomException full) {
        session.end(full.ending(), full.retryAfter().toMillis());
      }
    });
  }

  private void confirm(ClientFrame.Auth frame, Identity as) {
    session.send(new ServerFrame.Authenticated(frame.ref(), as.user(), as.expires()));
  }
}
