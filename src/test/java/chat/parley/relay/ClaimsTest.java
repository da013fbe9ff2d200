package chat.parley.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.cluster.LocalCluster;
import chat.parley.cluster.Operation;
import chat.parley.cluster.SharedMap;
import chat.parley.cluster.Wire;
import chat.parley.cluster.WireTypes;
import chat.parley.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims on sessions, and their binary form. */
class ClaimsTest {
  private static final Owner ANN = new Owner("n1", "10.0.0.1", 5703, "key1", 1_000);
  private static final Owner BOB = new Owner("n2", "10.0.0.2", 5703, "key2", 2_000);

  private final SharedMap<Owner> claims = new LocalCluster("n1").map(Relay.MAP);

  private Owner at(String session, Operation<Owner, Owner> operation) {
    return Await.result("an answer", claims.submit(session, operation));
  }

  @Test
  void the_first_to_claim_a_session_has_it() {
    assertThat(at("s", new Find()).isNobody()).isTrue();
    assertThat(at("s", new Claim(ANN))).isEqualTo(ANN);
    assertThat(at("s", new Claim(BOB))).isEqualTo(ANN);
    assertThat(at("s", new Find())).isEqualTo(ANN);
    assertThat(at("other", new Find()).isNobody()).isTrue();
  }

  @Test
  void only_who_has_a_session_gives_it_up() {
    at("s", new Claim(ANN));
    at("s", new Release("n2"));
    assertThat(at("s", new Find())).isEqualTo(ANN);
    at("s", new Release("n1"));
    assertThat(at("s", new Claim(BOB))).isEqualTo(BOB);
  }

  @Test
  void sessions_of_dead_nodes_are_forgotten_but_not_those_of_nodes_that_are_newer_than_the_list() {
    at("a", new Claim(ANN));
    at("b", new Claim(BOB));
    Await.result("a sweep", claims.sweep(new Forget(Set.of("n3"), 1_500)));
    assertThat(at("a", new Find()).isNobody()).isTrue();
    assertThat(at("b", new Find())).isEqualTo(BOB);
    Await.result("a sweep", claims.sweep(new Forget(Set.of("n2"), 9_000)));
    assertThat(at("b", new Find())).isEqualTo(BOB);
  }

  @Test
  void the_key_is_not_shown() {
    assertThat(new Claim(ANN).toString()).contains("10.0.0.1:5703").doesNotContain("key1");
  }

  @Test
  void each_form_is_read_as_it_was_written() throws IOException {
    for (var one : new Wire[] {
      ANN,
      Owner.NOBODY,
      new Claim(BOB),
      new Find(),
      new Release("n1"),
      new Forget(Set.of("n1", "n2"), 7)
    }) {
      assertThat(read(one, bytes(one))).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 2, -1})
  void a_form_that_is_not_known_is_refused(byte form) throws IOException {
    for (var one :
        new Wire[] {ANN, new Claim(BOB), new Find(), new Release("n1"), new Forget(Set.of(), 7)}) {
      var bytes = bytes(one);
      bytes[0] = form;
      assertThatThrownBy(() -> read(one, bytes))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has form " + form + " (expected: 1–1)");
    }
  }

  private static byte[] bytes(Wire one) throws IOException {
    var bytes = new ByteArrayOutputStream();
    one.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Wire read(Wire like, byte[] bytes) throws IOException {
    var types = new WireTypes();
    RelayTypes.register(types);
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    return types.byNumber(types.numberOf(like.getClass())).reader().read(in);
  }
}
