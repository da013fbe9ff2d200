package chat.parley.relay;

import chat.parley.cluster.WireTypes;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class RelayTypes {
  private RelayTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(101, Owner.class, Owner::read)
        .register(102, Claim.class, Claim::read)
        .register(103, Find.class, Find::read)
        .register(104, Release.class, Release::read)
        .register(105, Forget.class, Forget::read);
  }
}
