package chat.parley.registry;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A session as the cluster knows it. Immutable.
 *
 * @param node the incarnation that holds the connection
 * @param transport {@code websocket} or {@code sockjs}
 * @param since when it was opened, ms since 1970
 * @param seen its peer's last sign of life that was told, ms since 1970
 */
public record SessionInfo(
    String session, String user, String node, String transport, long since, long seen) {
  static SessionInfo of(Connection connection, String node) {
    return new SessionInfo(
        connection.id(),
        connection.user(),
        node,
        connection.transport(),
        connection.since(),
        connection.seen());
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(session);
    out.writeUTF(user);
    out.writeUTF(node);
    out.writeUTF(transport);
    out.writeLong(since);
    out.writeLong(seen);
  }

  static SessionInfo read(DataInput in) throws IOException {
    return new SessionInfo(
        in.readUTF(),
        in.readUTF(),
        // A handful of different ones in very many sessions: one copy each.
        in.readUTF().intern(),
        in.readUTF().intern(),
        in.readLong(),
        in.readLong());
  }
}
