package chat.parley.protocol;

import java.util.Locale;

/** How someone is in a room. Immutable. */
public enum UserState {
  /** Connected at least once. */
  ONLINE,
  /** The last connection broke a moment ago; perhaps another one follows. */
  RECONNECTING;

  /** As it stands in a frame. */
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
