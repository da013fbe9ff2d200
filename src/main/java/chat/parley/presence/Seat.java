package chat.parley.presence;

import chat.parley.protocol.UserState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One session's place in a room. Only its own node says whether it is there and how. Immutable.
 *
 * @param name what the others should see, or null
 * @param node the incarnation that holds the connection
 * @param since when the user came, in ms since 1970
 */
record Seat(
    String session, String user, @Nullable String name, String node, long since, UserState state) {

  boolean isOnline() {
    return state == UserState.ONLINE;
  }

  Seat reconnecting() {
    return new Seat(session, user, name, node, since, UserState.RECONNECTING);
  }

  /** A number that differs where session or state do, as far as chance goes. */
  long digest() {
    long mixed = ((long) session.hashCode() << 32) ^ (user.hashCode() * 31L + (isOnline() ? 0 : 1));
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 29);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(session);
    out.writeUTF(user);
    out.writeBoolean(name != null);
    if (name != null) {
      out.writeUTF(name);
    }
    out.writeUTF(node);
    out.writeLong(since);
    out.writeBoolean(isOnline());
  }

  static Seat read(DataInput in) throws IOException {
    return new Seat(
        in.readUTF(),
        in.readUTF(),
        in.readBoolean() ? in.readUTF() : null,
        in.readUTF().intern(),
        in.readLong(),
        in.readBoolean() ? UserState.ONLINE : UserState.RECONNECTING);
  }
}
