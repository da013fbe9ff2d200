package chat.parley.relay;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The node that has a SockJS session, and where it takes other nodes' requests for it. Immutable.
 *
 * @param host the address of its relay port among the nodes
 * @param key what a node has to show there: only the cluster tells it
 * @param since when the session was claimed, ms since 1970 by that node's clock
 */
public record Owner(String node, String host, int port, String key, long since)
    implements Mergeable<Owner> {
  private static final int FORM = 1;

  /** No node has the session. */
  static final Owner NOBODY = new Owner("", "", 0, "", 0);

  /** Whether no node has it. */
  public boolean isNobody() {
    return node.isEmpty();
  }

  /** A session is claimed by one request; were it two, on both sides of a partition, the side that goes on is right. */
  @Override
  public Owner merge(Owner other) {
    return this;
  }

  /** Without the key, so that it can't get into a log. */
  @Override
  public String toString() {
    return isNobody() ? "nobody" : node + " at " + host + ":" + port;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
    out.writeUTF(host);
    out.writeInt(port);
    out.writeUTF(key);
    out.writeLong(since);
  }

  static Owner read(DataInput in) throws IOException {
    Wire.form(in, FORM, "an owner");
    return new Owner(in.readUTF(), in.readUTF(), in.readInt(), in.readUTF(), in.readLong());
  }
}
