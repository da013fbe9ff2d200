package chat.parley.cluster;

/**
 * A map that the cluster is to have. Immutable.
 *
 * @param name what {@link Cluster#map} is asked for
 * @param guarded whether a side without the configured quorum refuses every operation on it. False for what must go on
 *     being told there, because it describes the side itself
 */
public record MapSpec(String name, boolean guarded) {}
