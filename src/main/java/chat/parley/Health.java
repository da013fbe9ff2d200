package chat.parley;

import chat.parley.registry.Registry;
import chat.parley.registry.Vitals;
import chat.parley.room.RoomNode;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;

/**
 * How this node is doing, as it tells the others. Each event loop is asked for its figures; how long the slowest one takes to answer is their lag. Thread-safe:
 * has no state of its own.
 */
final class Health implements Registry.Host {
  private final Node node;
  private final RoomNode rooms;
  private final InstantSource clock;
  private final com.sun.management.OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  Health(Node node, RoomNode rooms, InstantSource clock) {
    this.node = node;
    this.rooms = rooms;
    this.clock = clock;
  }

  @Override
  public String address() {
    return node.address();
  }

  @Override
  public Future<Vitals> vitals(int sessions) {
    long asked = clock.millis();
    return rooms.roomCount().map(roomCount -> {
      int lag = Math.clamp(clock.millis() - asked, 0, Integer.MAX_VALUE);
      return new Vitals(sessions, roomCount, lag, system.getProcessCpuLoad(), rooms.queuedBytes());
    });
  }

  @Override
  public boolean leaving() {
    return node.leaving();
  }
}
