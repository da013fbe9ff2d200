package chat.parley.relay;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is under way to one other node, and how much of it there may be. Thread-safe: atomic counts, a concurrent set. */
final class Peer {
  static final int REQUESTS = 10_000;
  static final long BYTES = 16L << 20;

  private final Set<Forward> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();

  /** Lets a request in, unless too many or too much are under way. */
  boolean begin(Forward forward) {
    long after = bytes.addAndGet(forward.bytes());
    if (after > BYTES || underWay.size() >= REQUESTS) {
      bytes.addAndGet(-forward.bytes());
      return false;
    }
    return underWay.add(forward);
  }

  void end(Forward forward) {
    if (underWay.remove(forward)) {
      bytes.addAndGet(-forward.bytes());
    }
  }

  int size() {
    return underWay.size();
  }

  /** The node is gone: its clients should know now rather than when the connection is found dead. */
  void abort() {
    underWay.forEach(Forward::abort);
  }
}
