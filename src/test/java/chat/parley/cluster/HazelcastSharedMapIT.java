package chat.parley.cluster;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The contract between two members: half of the keys are local, the other half travels. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastSharedMapIT extends SharedMapContract {
  private Members members;

  @BeforeAll
  void start() {
    members = Members.of(2, 0);
  }

  @AfterEach
  void empty() {
    await(map().sweep(new Tally.Withdraw()));
  }

  @AfterAll
  void stop() {
    members.close();
  }

  @Override
  SharedMap<Tally> map() {
    return members.member(0).map();
  }

  @Override
  SharedMap<Tally> mapElsewhere() {
    return members.member(1).map();
  }
}
