package chat.parley.testing;

import chat.parley.testing.Entry.Acked;
import chat.parley.testing.Entry.Refused;
import chat.parley.testing.Entry.Sent;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message that a client published under an id of its own, over all of its attempts. Times are the
 * journal's, in ns; {@link #NEVER} for what did not happen. Immutable.
 *
 * @param sentAt when it was sent first
 * @param answeredAt when the client first learned anything: acked, or refused and told to try again
 * @param refusedAt when it was refused first
 * @param ackedAt when it was acked first
 */
public record Answer(
    String room, String id, long sentAt, long answeredAt, long refusedAt, long ackedAt) {
  /** It did not happen. */
  public static final long NEVER = Long.MAX_VALUE;

  /** All messages of a journal, in the order in which they were first sent. */
  public static List<Answer> of(Journal journal) {
    var answers = new LinkedHashMap<String, Answer>();
    var asked = new HashMap<String, String>();
    for (var entry : journal.entries()) {
      switch (entry) {
        case Entry.Connected connected -> asked.clear();
        case Sent sent -> sent(answers, asked, sent);
        case Acked ack -> update(answers, asked.get(ack.ref()), ack.at(), false);
        case Refused refused -> update(answers, asked.get(refused.ref()), refused.at(), true);
        default -> {}
      }
    }
    return List.copyOf(answers.values());
  }

  private static void sent(Map<String, Answer> answers, Map<String, String> asked, Sent sent) {
    var id = sent.id();
    if (id != null) {
      var key = sent.room() + " " + id;
      asked.put(sent.ref(), key);
      answers.putIfAbsent(key, new Answer(sent.room(), id, sent.at(), NEVER, NEVER, NEVER));
    }
  }

  private static void update(
      Map<String, Answer> answers, @Nullable String key, long at, boolean refused) {
    if (key != null) {
      answers.computeIfPresent(key, (k, answer) -> answer.with(at, refused));
    }
  }

  private Answer with(long at, boolean refused) {
    return new Answer(
        room,
        id,
        sentAt,
        Math.min(answeredAt, at),
        refused ? Math.min(refusedAt, at) : refusedAt,
        refused ? ackedAt : Math.min(ackedAt, at));
  }

  /** Whether it was on its way, without any answer, at this time. */
  public boolean isOpenAt(long time) {
    return sentAt < time && answeredAt > time;
  }

  /** From its first refusal to its ack; zero where it was not refused. */
  public Duration refusedFor() {
    return refusedAt == NEVER || ackedAt < refusedAt
        ? Duration.ZERO
        : Duration.ofNanos(ackedAt - refusedAt);
  }
}
