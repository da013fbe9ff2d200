package chat.parley.room;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The frames that one room's members on one event loop get in one turn: collected once, encoded once per kind of transport, written to each.
 * Confined to its event loop.
 */
public final class Burst {
  private final List<Line> lines = new ArrayList<>();
  private final BitSet ephemeral = new BitSet();
  private int mayBeLost;
  private int bytes;
  private boolean selective;
  private @Nullable ByteBuf webSocketFrames;

  /** A frame that nobody may miss. */
  void add(Line line) {
    add(line, false);
  }

  /** A frame that may be lost: a signal, say. */
  void addEphemeral(Line line) {
    add(line, true);
  }

  private void add(Line line, boolean lossy) {
    if (lossy) {
      ephemeral.set(lines.size());
      mayBeLost++;
    }
    lines.add(line);
    bytes += line.json().length;
    selective |= line.notTo() != null;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Bytes of the JSON texts together. */
  public int bytes() {
    return bytes;
  }

  /** How many frames there are. */
  public int size() {
    return lines.size();
  }

  /** The frame at index i: UTF-8 JSON, not to be changed. */
  public byte[] json(int i) {
    return lines.get(i).json();
  }

  /**
   * All frames as unmasked WebSocket text frames (RFC 6455 §5.2), one after the other, ready for the socket. The buffer stays the
   * burst's own: write a {@link ByteBuf#retainedDuplicate()} of it.
   */
  public ByteBuf webSocketFrames() {
    if (webSocketFrames == null) {
      webSocketFrames = PooledByteBufAllocator.DEFAULT.directBuffer(bytes + 10 * lines.size());
      for (int i = 0; i < lines.size(); i++) {
        WebSocketText.append(webSocketFrames, lines.get(i).json());
      }
    }
    return webSocketFrames;
  }

  /** Sends everything to each member, leaving out what a member is to be spared. */
  void deliverTo(List<? extends Subscriber> members) {
    try {
      for (int i = 0; i < members.size(); i++) {
        deliverTo(members.get(i));
      }
    } finally {
      release();
    }
  }

  private void deliverTo(Subscriber member) {
    if (!selective || lines.stream().allMatch(line -> line.isFor(member))) {
      member.deliver(this);
      return;
    }
    handOn(i -> lines.get(i).isFor(member), member::deliver);
  }

  /** How many frames may be lost. */
  public int ephemeral() {
    return mayBeLost;
  }

  /** Hands on what must not be lost, if there is any, for the time of the call. */
  public void lasting(Consumer<Burst> taker) {
    handOn(i -> !ephemeral.get(i), taker);
  }

  private void handOn(IntPredicate which, Consumer<Burst> taker) {
    var rest = new Burst();
    for (int i = 0; i < lines.size(); i++) {
      if (which.test(i)) {
        rest.add(lines.get(i), ephemeral.get(i));
      }
    }
    if (!rest.isEmpty()) {
      try {
        taker.accept(rest);
      } finally {
        rest.release();
      }
    }
  }

  private void release() {
    if (webSocketFrames != null) {
      webSocketFrames.release();
      webSocketFrames = null;
    }
  }
}
