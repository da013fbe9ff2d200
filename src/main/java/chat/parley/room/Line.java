package chat.parley.room;

import org.jspecify.annotations.Nullable;

/**
 * One encoded frame for all members of a room. Immutable by agreement: nobody changes the bytes.
 *
 * @param json the frame, UTF-8
 * @param notTo the member of this node that is spared it, or null
 */
record Line(byte[] json, @Nullable Subscriber notTo) {
  boolean isFor(Subscriber member) {
    return !member.equals(notTo);
  }
}
