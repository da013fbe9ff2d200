package chat.parley.presence;

import chat.parley.cluster.WireTypes;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class PresenceTypes {
  private PresenceTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(101, PresenceState.class, PresenceState::read)
        .register(102, Report.class, Report::read)
        .register(103, Report.Reported.class, Report.Reported::read)
        .register(104, ReadSeats.class, ReadSeats::read)
        .register(105, Seats.class, Seats::read)
        .register(106, Glance.class, Glance::read)
        .register(107, Mark.class, Mark::read)
        .register(108, Retain.class, Retain::read);
  }
}
