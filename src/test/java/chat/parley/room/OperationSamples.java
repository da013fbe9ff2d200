package chat.parley.room;

import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import chat.parley.protocol.Position;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Operations at random. Pure. */
final class OperationSamples {
  private OperationSamples() {}

  /** Anything that may happen to a room at that time, ms. */
  static Operation<RoomState, ? extends Wire> any(Random random, long now) {
    return switch (random.nextInt(8)) {
      case 0 -> new Watch("n" + random.nextInt(4), "e" + now);
      case 1 -> new Unwatch("n" + random.nextInt(4));
      case 2 -> new Look();
      case 3 -> read(random);
      case 4 ->
        new Expire(
            now, new RetentionRules(keep(random), List.of()), List.of("n" + random.nextInt(4)));
      default -> append(random, now);
    };
  }

  static Append append(Random random, long now) {
    var ids = IntStream.range(0, random.nextInt(6))
        .mapToObj(i -> "m" + random.nextInt(60))
        .toArray(String[]::new);
    return new Append("e" + now, now, keep(random), Samples.drafts(ids), List.of("n3"));
  }

  static Read read(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Read.after(random.nextInt(50), 1 + random.nextInt(20));
      case 1 -> Read.before(random.nextInt(50), 1 + random.nextInt(20));
      case 2 -> Read.last(random.nextInt(20));
      default -> Read.resume(new Position("e" + random.nextInt(3), random.nextInt(50)), 10);
    };
  }

  private static Retention keep(Random random) {
    return new Retention(1 + random.nextInt(30), 1 + random.nextInt(100_000), 40);
  }
}
