package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Joined;
import chat.parley.testing.Entry.Received;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clean histories made up from a seed pass; the same ones with one defect anywhere do not. */
class CheckerMutationTest {
  private static final int HISTORIES = 40;

  /** What may go wrong with one line of one journal. */
  enum Defect {
    FORGOTTEN {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return at(journal, random, i -> isAmongOthers(journal, i), journal::remove);
      }
    },
    REPEATED {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return at(
            journal,
            random,
            i -> journal.get(i) instanceof Received,
            i -> journal.add(i, journal.get(i)));
      }
    },
    SWAPPED {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return at(
            journal,
            random,
            i -> nextIsOfSameRoom(journal, i),
            i -> Collections.swap(journal, i, i + 1));
      }
    },
    RENAMED {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return onMessage(
            journal,
            random,
            m -> new Received(
                m.at(), m.room(), m.epoch(), m.seq(), m.id() + "x", m.user(), m.data()));
      }
    },
    MISNUMBERED {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return onMessage(
            journal,
            random,
            m ->
                new Received(m.at(), m.room(), m.epoch(), m.seq() + 1, m.id(), m.user(), m.data()));
      }
    },
    IN_ANOTHER_EPOCH {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return onMessage(
            journal,
            random,
            m -> new Received(m.at(), m.room(), "e0", m.seq(), m.id(), m.user(), m.data()));
      }
    },
    GARBLED {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return onMessage(
            journal,
            random,
            m -> new Received(m.at(), m.room(), m.epoch(), m.seq(), m.id(), m.user(), "\"?\""));
      }
    },
    WRONG_ACK {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return at(journal, random, i -> isSeen(journal, journal.get(i)), i -> {
          var a = (Acked) journal.get(i);
          journal.set(
              i,
              new Acked(a.at(), a.ref(), a.room(), a.id(), a.epoch(), a.seq() + 1, a.duplicate()));
        });
      }
    },
    HEAD_BEHIND {
      @Override
      boolean applyTo(List<Entry> journal, Random random) {
        return at(journal, random, i -> mayFallBehind(journal.get(i)), i -> {
          var j = (Joined) journal.get(i);
          journal.set(i, new Joined(j.at(), j.room(), j.epoch(), 0, true, true, j.since(), 0));
        });
      }
    };

    /** Spoils the journal somewhere; false if there is nothing to spoil in this way. */
    abstract boolean applyTo(List<Entry> journal, Random random);

    /** Nobody but the sender could know that an ack lies if the message was never seen in that numbering. */
    private static boolean isSeen(List<Entry> journal, Entry entry) {
      return entry instanceof Acked ack
          && journal.stream()
              .anyMatch(e -> e instanceof Received m
                  && m.id().equals(ack.id())
                  && m.epoch().equals(ack.epoch()));
    }

    /** The last message before a client leaves, or the first of a new numbering, may be missing for good reason. */
    private static boolean isAmongOthers(List<Entry> journal, int i) {
      return journal.get(i) instanceof Received message
          && isNeighbour(journal.subList(0, i).reversed(), message)
          && isNeighbour(journal.subList(i + 1, journal.size()), message);
    }

    private static boolean isNeighbour(List<Entry> lines, Received message) {
      for (var line : lines) {
        if (line instanceof Received other && other.room().equals(message.room())) {
          return other.epoch().equals(message.epoch());
        } else if (line instanceof Joined joined && joined.room().equals(message.room())) {
          return false;
        } else if (line instanceof Entry.Left left && left.room().equals(message.room())) {
          return false;
        }
      }
      return false;
    }

    private static boolean mayFallBehind(Entry entry) {
      return entry instanceof Joined j
          && j.recovered()
          && j.since() != null
          && j.since().seq() > 0;
    }

    private static boolean onMessage(
        List<Entry> journal, Random random, UnaryOperator<Received> change) {
      return at(
          journal,
          random,
          i -> journal.get(i) instanceof Received,
          i -> journal.set(i, change.apply((Received) journal.get(i))));
    }

    private static boolean nextIsOfSameRoom(List<Entry> journal, int i) {
      return i + 1 < journal.size()
          && journal.get(i) instanceof Received message
          && journal.get(i + 1) instanceof Received after
          && after.room().equals(message.room());
    }

    private static boolean at(
        List<Entry> journal, Random random, IntPredicate fits, IntConsumer change) {
      var places = IntStream.range(0, journal.size()).filter(fits).toArray();
      if (places.length == 0) {
        return false;
      }
      change.accept(places[random.nextInt(places.length)]);
      return true;
    }
  }

  @Test
  void clean_histories_pass() {
    var judged = 0L;
    var resumed = 0L;
    var renumbered = 0L;
    for (var seed = 0; seed < HISTORIES; seed++) {
      var verdict = Checker.strict().check(new CleanHistory(seed).journals());
      assertThat(verdict.violations()).as("seed %s", seed).isEmpty();
      judged += verdict.judged();
      resumed += verdict.resumed();
      renumbered += verdict.renumbered();
    }
    assertThat(judged).isGreaterThan(1_000);
    assertThat(resumed).isGreaterThan(100);
    assertThat(renumbered).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource
  void one_defect_anywhere_is_caught(Defect defect) {
    var spoiled = 0;
    for (var seed = 0; seed < HISTORIES; seed++) {
      var random = new Random(seed);
      var journals = new ArrayList<>(new CleanHistory(seed).journals());
      var victim = random.nextInt(journals.size());
      var entries = new ArrayList<>(journals.get(victim).entries());
      if (defect.applyTo(entries, random)) {
        spoiled++;
        journals.set(victim, Journal.of(journals.get(victim).client(), entries));
        assertThat(Checker.strict().check(journals).violations())
            .as("seed %s", seed)
            .isNotEmpty();
      }
    }
    assertThat(spoiled).isGreaterThan(HISTORIES / 3);
  }
}
