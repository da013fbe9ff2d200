package chat.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodeTest {
  private static final byte[] DATA = "{ \"text\" :\"hä\\n\" }".getBytes(UTF_8);
  private static final long TIME = 1_790_000_000_123L;

  private static void assertEncoded(ServerFrame frame, String json) {
    assertThat(new String(FrameCodec.encode(frame), UTF_8)).isEqualTo(json.replace('\'', '"'));
  }

  private static ServerFrame.Pong pong(String ref) {
    return new ServerFrame.Pong(ref, 1);
  }

  private static ServerFrame.Left left(String reason) {
    return new ServerFrame.Left(null, "a", reason);
  }

  @Test
  void welcome_says_what_holds_on_this_connection() {
    var limits = new ServerFrame.Limits(65_536, 100, 50, 70_000, 20, 30);
    assertEncoded(
        new ServerFrame.Welcome("s1", "ann", "n1", 30_000, TIME, limits),
        "{'type':'welcome','protocol':'parley.v1','session':'s1','user':'ann','node':'n1',"
            + "'heartbeat':30000,'expires':1790000000123,"
            + "'limits':{'frame':65536,'rooms':100,'rate':50,'bytes':70000,'joins':20,'reads':30}}");
    assertEncoded(
        new ServerFrame.Welcome("s1", "ann", "n1", 30_000, null, limits),
        "{'type':'welcome','protocol':'parley.v1','session':'s1','user':'ann','node':'n1',"
            + "'heartbeat':30000,'limits':{'frame':65536,'rooms':100,'rate':50,'bytes':70000,'joins':20,'reads':30}}");
  }

  @Test
  void authenticated_carries_the_new_end() {
    assertEncoded(
        new ServerFrame.Authenticated("1", "ann", TIME),
        "{'type':'authenticated','ref':1,'user':'ann','expires':1790000000123}");
    assertEncoded(
        new ServerFrame.Authenticated(null, "ann", null), "{'type':'authenticated','user':'ann'}");
  }

  @Test
  void joined_always_says_whether_it_recovered() {
    assertEncoded(
        new ServerFrame.Joined("\"j\"", "lobby", "e1", 42, true, 3L),
        "{'type':'joined','ref':'j','room':'lobby','epoch':'e1','seq':42,'recovered':true,'count':3}");
    assertEncoded(
        new ServerFrame.Joined(null, "lobby", "e2", 0, false, null),
        "{'type':'joined','room':'lobby','epoch':'e2','seq':0,'recovered':false}");
  }

  @Test
  void left_has_a_reason_only_where_nobody_asked() {
    assertEncoded(
        new ServerFrame.Left("2", "lobby", null), "{'type':'left','ref':2,'room':'lobby'}");
    assertEncoded(left("kicked"), "{'type':'left','room':'a','reason':'kicked'}");
  }

  @Test
  void ack_tells_a_duplicate_only_when_it_is_one() {
    assertEncoded(
        new ServerFrame.Ack("3", "lobby", "m1", "e1", 43, TIME, false),
        "{'type':'ack','ref':3,'room':'lobby','id':'m1','epoch':'e1','seq':43,'time':1790000000123}");
    assertEncoded(
        new ServerFrame.Ack(null, "lobby", "m1", "e1", 43, TIME, true),
        "{'type':'ack','room':'lobby','id':'m1','epoch':'e1','seq':43,'time':1790000000123,"
            + "'duplicate':true}");
  }

  @Test
  void message_carries_its_data_byte_for_byte() {
    assertEncoded(
        new ServerFrame.Message("lobby", "e1", 43, "m1", "ann", "Ann", TIME, DATA),
        "{'type':'message','room':'lobby','epoch':'e1','seq':43,'id':'m1','user':'ann','name':'Ann','time':1790000000123,'data':{"
            + " 'text' :'hä\\n"
            + "' }}");
    assertEncoded(
        new ServerFrame.Message("lobby", "e1", 43, "m1", "ann", null, TIME, DATA),
        "{'type':'message','room':'lobby','epoch':'e1','seq':43,'id':'m1','user':'ann',"
            + "'time':1790000000123,'data':{ 'text' :'hä\\n' }}");
  }

  @Test
  void signal_may_come_without_data() {
    assertEncoded(
        new ServerFrame.Signal("lobby", "typing", "ann", DATA),
        "{'type':'signal','room':'lobby','name':'typing','user':'ann','data':{ 'text' :'hä\\n' }}");
    assertEncoded(
        new ServerFrame.Signal("lobby", "typing", "ann", null),
        "{'type':'signal','room':'lobby','name':'typing','user':'ann'}");
  }

  @Test
  void history_holds_whole_messages() {
    var message =
        new ServerFrame.Message("lobby", "e1", 1, "m1", "ann", null, 5, "1".getBytes(UTF_8));
    String one =
        "{'type':'message','room':'lobby','epoch':'e1','seq':1,'id':'m1','user':'ann','time':5,'data':1}";
    assertEncoded(
        new ServerFrame.History("4", "lobby", "e1", List.of(message, message), true),
        "{'type':'history','ref':4,'room':'lobby','epoch':'e1','messages':["
            + one
            + ','
            + one
            + "],'more':true}");
    assertEncoded(
        new ServerFrame.History(null, "lobby", "e1", List.of(), false),
        "{'type':'history','room':'lobby','epoch':'e1','messages':[],'more':false}");
  }

  @Test
  void presence_tells_who_is_there() {
    var ann = new ServerFrame.User("ann", "Ann", 2, TIME, UserState.ONLINE);
    var bob = new ServerFrame.User("bob", null, 0, 5, UserState.RECONNECTING);
    assertEncoded(
        new ServerFrame.Present("4", "lobby", 7, 3, List.of(ann, bob), true),
        "{'type':'presence','ref':4,'room':'lobby','version':7,'count':3,'users':["
            + "{'user':'ann','name':'Ann','sessions':2,'since':1790000000123,'state':'online'},"
            + "{'user':'bob','sessions':0,'since':5,'state':'reconnecting'}],'more':true}");
  }

  @Test
  void presence_pushes_only_the_lists_that_say_something() {
    var came = List.of(new ServerFrame.Arrival("ann", "Ann"), new ServerFrame.Arrival("bob", null));
    var change = new ServerFrame.Change("cem", null, UserState.RECONNECTING);
    assertEncoded(
        new ServerFrame.Presence("a", 8, 5, new ServerFrame.Changes(came, List.of(), List.of())),
        "{'type':'presence','room':'a','version':8,'count':5,"
            + "'joined':[{'user':'ann','name':'Ann'},{'user':'bob'}]}");
    assertEncoded(
        new ServerFrame.Presence(
            "a", 9, 4, new ServerFrame.Changes(List.of(), List.of("bob"), List.of(change))),
        "{'type':'presence','room':'a','version':9,'count':4,"
            + "'left':[{'user':'bob'}],'changed':[{'user':'cem','state':'reconnecting'}]}");
    assertEncoded(
        new ServerFrame.Presence("a", 10, 9000, null),
        "{'type':'presence','room':'a','version':10,'count':9000}");
    assertEncoded(
        new ServerFrame.Presence(
            "a", 11, 4, new ServerFrame.Changes(List.of(), List.of(), List.of())),
        "{'type':'presence','room':'a','version':11,'count':4,'changed':[]}");
  }

  @Test
  void pong_goaway_and_bye_are_short() {
    assertEncoded(new ServerFrame.Pong("5", TIME), "{'type':'pong','ref':5,'time':1790000000123}");
    assertEncoded(new ServerFrame.Pong(null, 0), "{'type':'pong','time':0}");
    assertEncoded(new ServerFrame.Expiring(9), "{'type':'expiring','expires':9}");
    assertEncoded(new ServerFrame.Goaway(1_500), "{'type':'goaway','reconnectAfter':1500}");
    assertEncoded(
        new ServerFrame.Bye(CloseCode.LEAVING, 250L),
        "{'type':'bye','code':1001,'reason':'node leaving','reconnect':true,'reconnectAfter':250}");
    assertEncoded(
        new ServerFrame.Bye(CloseCode.BANNED, null),
        "{'type':'bye','code':4503,'reason':'banned or disconnected by a"
            + " moderator','reconnect':false}");
  }

  @Test
  void error_carries_what_is_known() {
    assertEncoded(
        new ServerFrame.Refused("6", "lobby", ErrorCode.RATE_LIMITED, "slow down", 300L),
        "{'type':'error','ref':6,'room':'lobby','code':'rate_limited','message':'slow down',"
            + "'retryAfter':300}");
    assertEncoded(
        new ServerFrame.Refused(null, null, ErrorCode.BAD_FRAME, "what?", null),
        "{'type':'error','code':'bad_frame','message':'what?'}");
  }

  @Test
  void strings_are_escaped_as_json_wants() {
    assertEncoded(
        left("\b\f\n\r\t\u0000\u001f\u007f"),
        "{'type':'left','room':'a','reason':'\\b\\f\\n\\r\\t\\u0000\\u001f\u007f'}");
    assertThat(new String(FrameCodec.encode(left("a\"b\\c/d")), UTF_8))
        .contains("\"a\\\"b\\\\c/d\"");
    assertEncoded(left("ü€🎉\uFFFF"), "{'type':'left','room':'a','reason':'ü€🎉\uFFFF'}");
    assertEncoded(
        left("\ud83c x \udf89\ud83c"),
        "{'type':'left','room':'a','reason':'\\ud83c x \\udf89\\ud83c'}");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 9, 10, 99, 100, 9_007_199_254_740_992L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void numbers_are_written_in_full(long number) {
    assertEncoded(new ServerFrame.Pong(null, number), "{'type':'pong','time':" + number + '}');
  }

  @Test
  void whatever_a_string_holds_it_comes_out_as_valid_utf8_and_reads_back() throws Exception {
    long seed = 20_261_122;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--) {
        int range = 1 << (1 + random.nextInt(16));
        text.append((char) random.nextInt(range));
      }
      byte[] json = FrameCodec.encode(left(text.toString()));
      assertThat(new JsonObject(strict(json)).getString("reason"))
          .as("seed %d, round %d", seed, i)
          .isEqualTo(text.toString());
    }
  }

  private static String strict(byte[] utf8) throws CharacterCodingException {
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  @Test
  void a_huge_frame_leaves_the_next_one_alone() {
    String text = "\u0001".repeat(100_000);
    assertThat(new JsonObject(new String(FrameCodec.encode(left(text)), UTF_8)).getString("reason"))
        .isEqualTo(text);
    assertEncoded(pong("1"), "{'type':'pong','ref':1,'time':1}");
    byte[] data = new JsonArray(List.of("x".repeat(200_000))).toBuffer().getBytes();
    byte[] frame = FrameCodec.encode(new ServerFrame.Signal("a", "n", "u", data));
    assertThat(new JsonObject(new String(frame, UTF_8)).getJsonArray("data").getString(0))
        .hasSize(200_000);
    assertEncoded(pong("2"), "{'type':'pong','ref':2,'time':1}");
  }

  @Test
  void what_was_encoded_stays_as_it_is() {
    byte[] first = FrameCodec.encode(pong("1"));
    byte[] copy = first.clone();
    FrameCodec.encode(pong("2"));
    assertThat(first).isEqualTo(copy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1.5e3", "\"a\\\"b\"", "\"\\u0000\"", "\"grüße 🎉\\\\\"", "\"\""})
  void a_ref_comes_back_as_it_went(String ref) {
    ClientFrame ping =
        FrameCodec.decode(("{\"type\":\"ping\",\"ref\":" + ref + '}').getBytes(UTF_8));
    String answer = new String(FrameCodec.encode(new ServerFrame.Pong(ping.ref(), 1)), UTF_8);
    assertThat(answer).isEqualTo("{\"type\":\"pong\",\"ref\":" + ref + ",\"time\":1}");
  }

  @Test
  void published_data_reaches_the_others_unchanged() {
    String data = "{\"a\":[1, 2,{\"b\":\"\\ud800 ü\"}],\"a\":1e999}";
    var publish = (ClientFrame.Publish) FrameCodec.decode(
        ("{\"type\":\"publish\",\"data\": " + data + " ,\"room\":\"a\"}").getBytes(UTF_8));
    byte[] frame =
        FrameCodec.encode(new ServerFrame.Message("a", "e", 1, "m", "u", null, 2, publish.data()));
    assertThat(new String(frame, UTF_8)).endsWith(",\"data\":" + data + '}');
  }
}
