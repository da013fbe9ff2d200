package chat.parley.gateway;

import java.util.List;

/**
 * How many may be in at a time; 0 is no limit. Immutable.
 *
 * @param node connections of this node
 * @param address connections of one client address
 * @param user connections of one user in the cluster
 * @param handshakes connections of this node that have not brought a whole request yet
 * @param proxies whose word about the client's address is believed
 */
public record AdmissionSettings(
    int node, int address, int user, int handshakes, List<String> proxies) {}
