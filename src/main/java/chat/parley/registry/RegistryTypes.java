package chat.parley.registry;

import chat.parley.cluster.MapSpec;
import chat.parley.cluster.WireTypes;
import java.util.List;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class RegistryTypes {
  /** Each side of a parted cluster goes on telling what is its own, so no quorum is asked for. */
  public static final List<MapSpec> MAPS =
      List.of(new MapSpec(Registry.NODES, false), new MapSpec(Registry.SESSIONS, false));

  private RegistryTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(40, Lease.class, Lease::read)
        .register(41, Lease.Renew.class, Lease.Renew::read)
        .register(42, Lease.Look.class, Lease.Look::read)
        .register(43, Lease.Seen.class, Lease.Seen::read)
        .register(44, Lease.Expire.class, Lease.Expire::read)
        .register(45, Shard.class, Shard::read)
        .register(46, Tell.class, Tell::read)
        .register(47, Tell.Counts.class, Tell.Counts::read)
        .register(48, Find.class, Find::read)
        .register(49, Find.Found.class, Find.Found::read)
        .register(50, Tidy.class, Tidy::read)
        .register(51, Done.class, Done::read);
  }
}
