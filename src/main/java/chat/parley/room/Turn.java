package chat.parley.room;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an event loop's turn: whatever asks is called once, when all that is ready now has been dealt with. So ten messages
 * of a turn become one write. Confined to its event loop.
 */
public final class Turn {
  private static final Logger log = LoggerFactory.getLogger(Turn.class);

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
      // Not at once: what was ready before, and what that made ready, still belongs to this turn.
      loop.execute(() -> loop.execute(this::end));
    }
    ending.add(task);
  }

  private void end() {
    // A burst's end makes sockets ask for a flush: that still belongs to this turn.
    for (int i = 0; i < ending.size(); i++) {
      try {
        ending.get(i).run();
      } catch (RuntimeException e) {
        // The others' frames must not wait for ever behind one that can't be written.
        log.error("what was to be done at the end of a turn failed", e);
      }
    }
    ending.clear();
    scheduled = false;
  }
}
