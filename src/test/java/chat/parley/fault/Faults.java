package chat.parley.fault;

import chat.parley.testing.LostMember;
import chat.parley.testing.TestCluster;

/** What nodes may log when others are killed, frozen or cut off under them. Pure. */
final class Faults {
  private Faults() {}

  /** Whatever else looks like an error in a node's log fails the test. */
  static TestCluster expect(TestCluster cluster) {
    return cluster.expect(LostMember.LOG);
  }
}
