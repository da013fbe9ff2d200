package chat.parley.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class IdMemoryTest {
  @Test
  void user_and_id_are_told_apart_wherever_the_border_is() {
    var memory = new IdMemory(1);
    memory.add(memory.id(new MessageKey("ab", "c")), 1, 10);
    assertThat(place(memory, "a", "bc")).isNegative();
    assertThat(place(memory, "ab", "c")).isNotNegative();
  }

  @Test
  void it_agrees_with_a_map_through_random_histories() throws IOException {
    for (long seed = 1; seed <= 200; seed++) {
      compare(new Random(seed), seed);
    }
  }

  private static void compare(Random random, long seed) throws IOException {
    var memory = new IdMemory(seed);
    var model = new LinkedHashMap<MessageKey, Long>();
    for (long seq = 1; seq <= 400; seq++) {
      if (random.nextInt(100) < (seq / 100 % 2 == 0 ? 70 : 30) || model.isEmpty()) {
        var key = new MessageKey("u" + random.nextInt(5), Long.toString(seq));
        memory.add(memory.id(key), seq, seq * 10);
        model.put(key, seq);
      } else {
        assertThat(memory.seq(memory.eldest()))
            .as("seed %d", seed)
            .isEqualTo(model.firstEntry().getValue());
        memory.removeEldest();
        model.pollFirstEntry();
      }
      if (seq % 97 == 0) {
        memory = copied(memory);
      }
      same(memory, model, seed);
    }
  }

  private static void same(IdMemory memory, SequencedMap<MessageKey, Long> model, long seed) {
    assertThat(memory.size()).as("seed %d", seed).isEqualTo(model.size());
    model.forEach((key, seq) -> {
      int place = memory.find(memory.id(key));
      assertThat(place).as("seed %d, %s", seed, key).isNotNegative();
      assertThat(memory.seq(place)).isEqualTo(seq);
      assertThat(memory.time(place)).isEqualTo(seq * 10);
    });
    assertThat(place(memory, "nobody", "1")).isNegative();
  }

  private static IdMemory copied(IdMemory memory) throws IOException {
    var bytes = new ByteArrayOutputStream();
    memory.write(new DataOutputStream(bytes));
    return IdMemory.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void another_halfs_memory_adds_what_is_new() {
    var one = new IdMemory(7);
    var other = new IdMemory(7);
    add(one, "1", 1);
    add(other, "1", 1);
    add(other, "2", 2);
    one.addAll(other);
    assertThat(one.size()).isEqualTo(2);
    assertThat(one.seq(place(one, "a", "2"))).isEqualTo(2);
  }

  private static void add(IdMemory memory, String id, long seq) {
    memory.add(memory.id(new MessageKey("a", id)), seq, seq);
  }

  private static int place(IdMemory memory, String user, String id) {
    return memory.find(memory.id(new MessageKey(user, id)));
  }
}
