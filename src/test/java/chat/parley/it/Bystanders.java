package chat.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Await;
import chat.parley.testing.ChatClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Two who talk in a room while somebody else misbehaves there. Confined to the test's thread. */
final class Bystanders {
  private final String room;
  private final ChatClient speaker;
  private final ChatClient listener;
  private final List<Long> said = new ArrayList<>();

  Bystanders(Nodes nodes, String room) {
    this.room = room;
    this.speaker = nodes.connect("speaker");
    this.listener = nodes.connect("listener");
    speaker.join(room);
    listener.join(room);
  }

  /** Says something that the listener gets. */
  void talk() {
    var ack = Await.result("talking", speaker.publish(room, "a word"));
    said.add(ack.getLong("seq"));
    listener.await(
        "message " + ack, frame -> ack.getLong("seq").equals(frame.getLong("seq")), Await.SOON);
  }

  /** They had no error, and every message of the room once and in order. */
  void assertUndisturbed() {
    talk();
    var seqs =
        listener.messages(room).stream().map(frame -> frame.getLong("seq")).toList();
    var first = listener.joined(room).getLong("seq") + 1;
    assertThat(seqs)
        .isEqualTo(LongStream.rangeClosed(first, said.getLast()).boxed().toList());
    assertThat(List.of(speaker, listener)).allSatisfy(one -> {
      assertThat(one.inbox().ending()).isNull();
      assertThat(one.inbox().frames())
          .extracting(frame -> frame.getString("type"))
          .doesNotContain("error", "bye");
    });
  }
}
