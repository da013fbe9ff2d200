package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final Turn turn = new Turn(context.nettyEventLoop());
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void close() {
    Await.result("closing", vertx.close());
  }

  /** Runs it on the loop, and is done when that turn's end has passed. */
  private Future<List<String>> on(Consumer<Turn> task) {
    Promise<List<String>> ended = Promise.promise();
    context.runOnContext(now -> {
      task.accept(turn);
      done.add("asked");
      later(2, () -> ended.complete(List.copyOf(done)));
    });
    return ended.future();
  }

  /** Runs it when what is waiting to run now has run, and what waits then, and so on. */
  private void later(int rounds, Runnable task) {
    context.nettyEventLoop().execute(() -> {
      if (rounds > 1) {
        later(rounds - 1, task);
      } else {
        task.run();
      }
    });
  }

  /** A room's events take one hop each: of ten messages that came together nine were written apart from the first. */
  @Test
  void what_waits_for_this_loop_already_is_done_before_the_end() {
    var ended = on(here -> {
      here.atEnd(() -> done.add("end"));
      later(1, () -> done.add("event"));
    });

    assertThat(Await.result("a turn", ended)).containsExactly("asked", "event", "end");
  }

  @Test
  void what_is_to_be_done_at_the_end_is_done_in_order_after_all_that_asked() {
    var ended = on(here -> {
      here.atEnd(() -> done.add("one"));
      here.atEnd(() -> done.add("other"));
    });

    assertThat(Await.result("a turn", ended)).containsExactly("asked", "one", "other");
  }

  @Test
  void what_the_end_itself_asks_for_still_belongs_to_it() {
    var ended = on(here -> here.atEnd(() -> here.atEnd(() -> done.add("flush"))));

    assertThat(Await.result("a turn", ended)).containsExactly("asked", "flush");
  }

  /** After one exception nothing was ever written again on that event loop. */
  @Test
  void one_that_fails_does_not_keep_the_others_waiting_for_ever() {
    Await.result("a turn", on(here -> {
      here.atEnd(() -> {
        throw new IllegalStateException("broken on purpose");
      });
      here.atEnd(() -> done.add("other"));
    }));
    var ended = on(here -> here.atEnd(() -> done.add("next turn")));

    assertThat(Await.result("a turn", ended))
        .containsExactly("asked", "other", "asked", "next turn");
  }
}
