package chat.parley.room;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A member that takes whatever comes, as text. Confined to the test's thread. */
record Quiet(Consumer<String> lines) implements Subscriber {
  @Override
  public void deliver(Burst burst) {
    for (int i = 0; i < burst.size(); i++) {
      lines.accept(new String(burst.json(i), StandardCharsets.UTF_8));
    }
  }

  @Override
  public void renumbered(String room, Joined joined) {}

  @Override
  public Future<Void> ready() {
    return Future.succeededFuture();
  }
}
