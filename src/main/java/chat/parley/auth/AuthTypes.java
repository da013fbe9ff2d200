package chat.parley.auth;

import chat.parley.cluster.MapSpec;
import chat.parley.cluster.WireTypes;

/** What of this package travels between nodes, and under which number. Never reuse a number. */
public final class AuthTypes {
  /** The map of what is blocked: it goes on being told on a side without a quorum, for that side still has clients. */
  public static final MapSpec MAP = new MapSpec("blocks", false);

  private AuthTypes() {}

  /** Registers them. */
  public static void register(WireTypes types) {
    types
        .register(70, BlockState.class, BlockState::read)
        .register(71, BlockNews.class, BlockNews::read)
        .register(72, BlockNews.Answer.class, BlockNews.Answer::read)
        .register(73, BlockChange.class, BlockChange::read)
        .register(74, BlockChange.Taken.class, BlockChange.Taken::read);
  }
}
