package chat.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingEntry;
import org.junit.jupiter.api.Test;

class UnitingMergePolicyTest {
  private final UnitingMergePolicy policy = new UnitingMergePolicy();

  @Test
  void both_halves_votes_are_kept() {
    var united = (Tally) policy.merge(entry("ann", "bob"), entry("bob", "cid"));

    assertThat(united.votes).containsExactly("ann", "bob", "cid");
  }

  @Test
  void what_only_the_other_half_had_is_taken_over() {
    assertThat(((Tally) policy.merge(entry("ann"), null)).votes).containsExactly("ann");
  }

  private static MergingEntry<Object, Object> entry(String... votes) {
    var tally = new Tally();
    tally.votes.addAll(java.util.List.of(votes));
    return new Plain(tally);
  }

  private record Plain(Tally tally) implements MergingEntry<Object, Object> {
    @Override
    public Object getRawKey() {
      return "room";
    }

    @Override
    public Object getKey() {
      return "room";
    }

    @Override
    public Object getRawValue() {
      return tally;
    }

    @Override
    public Object getDeserializedValue() {
      return tally;
    }
  }
}
