package chat.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices nodes with which no message can pass, since one of the two speaks TLS and the other doesn't. Thread-safe: immutable. */
final class TlsAgreement {
  private static final Logger log = LoggerFactory.getLogger(TlsAgreement.class);

  private final HazelcastInstance hazelcast;
  private final boolean here;

  TlsAgreement(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    this.here = isOn(hazelcast.getCluster().getLocalMember());
  }

  private static boolean isOn(Member member) {
    return Boolean.parseBoolean(member.getAttribute(HazelcastConfig.TLS));
  }

  /** These nodes have come. */
  void joined(Set<String> nodes) {
    hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.localMember() && isOneOf(nodes, member) && isOn(member) != here)
        .forEach(this::warn);
  }

  /** Members that are no node of ours have no name. */
  private static boolean isOneOf(Set<String> nodes, Member member) {
    var name = member.getAttribute(HazelcastConfig.NODE);
    return name != null && nodes.contains(name);
  }

  private void warn(Member other) {
    log.warn(
        "The node at {} has cluster.tls {}, and this one has it {}: no message passes between the two, and their rooms hear of each other only by looking into the logs. Start all nodes with the same.",
        other.getSocketAddress(),
        here ? "off" : "on",
        here ? "on" : "off");
  }
}
