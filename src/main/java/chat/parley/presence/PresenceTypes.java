package chat.parley.presence;

import chat.parley.cluster.WireTypes;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class PresenceTypes {
  private PresenceTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(21, PresenceState.class, PresenceState::read)
        .register(22, Report.class, Report::read)
        .register(23, Report.Reported.class, Report.Reported::read)
        .register(24, ReadSeats.class, ReadSeats::read)
        .register(25, Seats.class, Seats::read)
        .register(26, Glance.class, Glance::read)
        .register(27, Mark.class, Mark::read)
        .register(28, Retain.class, Retain::read);
  }
}
