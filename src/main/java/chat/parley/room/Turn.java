package chat.parley.room;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of an event loop's turn: whatever asks is called once, when all that is ready now has been dealt with. So ten messages
 * of a turn become one write. Confined to its event loop.
 */
public final class Turn {
  private final EventLoop loop;
  private final List<Runnable> ending = new ArrayList<>();
  private boolean scheduled;

  public Turn(EventLoop loop) {
    this.loop = loop;
  }

  /** Calls back at the end of this turn. A caller asks at most once a turn, and keeps note of that itself. */
  public void atEnd(Runnable task) {
    assert loop.inEventLoop();
    if (!scheduled) {
      scheduled = true;
      loop.execute(this::end);
    }
    ending.add(task);
  }

  private void end() {
    // A burst's end makes sockets ask for a flush: that still belongs to this turn.
    for (int i = 0; i < ending.size(); i++) {
      ending.get(i).run();
    }
    ending.clear();
    scheduled = false;
  }
}
