package chat.parley.room;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The senders that asked to be spared their own copy, for as long as their message may still come here from the log instead of
 * from them. Bounded: of very many the eldest get their copy all the same. Confined to its event loop.
 */
final class Spared {
  static final int MOST = 1_024;

  /** One message of one room. */
  private record Own(String room, MessageKey message) {}

  private final Map<Own, Subscriber> senders = new LinkedHashMap<>();

  void add(String room, MessageKey message, Subscriber sender) {
    senders.put(new Own(room, message), sender);
    if (senders.size() > MOST) {
      senders.remove(senders.keySet().iterator().next());
    }
  }

  /** It has been published here, or never will be. */
  void remove(String room, MessageKey message) {
    senders.remove(new Own(room, message));
  }

  /** Who is not to get it, or null. */
  @Nullable
  Subscriber sender(String room, MessageKey message) {
    return senders.isEmpty() ? null : senders.get(new Own(room, message));
  }
}
