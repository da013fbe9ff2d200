package chat.parley.fault;

import chat.parley.testing.TestCluster;

/** What nodes may log when others are killed, frozen or cut off under them. Pure. */
final class Faults {
  private Faults() {}

  /** Whatever else looks like an error in a node's log fails the test. */
  static TestCluster expect(TestCluster cluster) {
    return cluster
        // Hazelcast tells of each lost connection, each call that was under way and each half it
        // meets.
        .expect(" (WARN|ERROR) +\\S+: \\[[0-9.]+]:\\d+ \\[parley] ")
        // Vert.x fails the bus messages of a broken connection twice (vert.x, OutboundConnection).
        .expect("Promise already completed")
        .expect("ERROR ConnectionBase: .*(Connection reset|Broken pipe)")
        .expect(" WARN +ClusteredEventBus: ")
        .expect(" WARN +BlockedThreadChecker: Thread vert.x-worker-thread");
  }
}
