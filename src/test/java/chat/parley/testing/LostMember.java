package chat.parley.testing;

import java.util.List;

/** What nodes may log when others are killed, frozen or cut off under them. Pure. */
public final class LostMember {
  /** A pattern for {@link TestCluster#expect}: whatever else looks like an error in a node's log fails the test. */
  public static final String LOG = String.join(
      "|",
      List.of(
          // Hazelcast tells of each lost connection, each call that was under way and each half it
          // meets.
          " (WARN|ERROR) +\\S+: \\[[0-9.]+]:\\d+ \\[parley] ",
          // Vert.x fails the bus messages of a broken connection twice (vert.x,
          // OutboundConnection).
          "Promise already completed",
          "ERROR ConnectionBase: .*(Connection reset|Broken pipe)",
          " WARN +ClusteredEventBus: ",
          " WARN +BlockedThreadChecker: Thread vert.x-worker-thread"));

  private LostMember() {}
}
