package chat.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.http.Network;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final Proxies PROXIES =
      new Proxies(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.1"));

  private static String forwarded(String peer, String chain) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    for (var line : chain.split("\\|", -1)) {
      headers.add("X-Forwarded-For", line);
    }
    return PROXIES.client(peer, headers);
  }

  @ParameterizedTest
  @CsvSource({
    // who is no proxy is not believed
    "203.0.113.5, 198.51.100.1, 203.0.113.5",
    "10.1.2.3, 198.51.100.1, 198.51.100.1",
    "10.1.2.3, '198.51.100.1, 203.0.113.9', 203.0.113.9",
    "10.1.2.3, '203.0.113.9, 192.0.2.1, 10.9.9.9', 203.0.113.9",
    "fd00::1, 2001:db8::7, 2001:db8::7",
    "10.1.2.3, [2001:db8::7]:4711, 2001:db8::7",
    "10.1.2.3, 198.51.100.1:4711, 198.51.100.1",
    "10.1.2.3, ::ffff:198.51.100.1, 198.51.100.1",
    "::ffff:10.1.2.3, 198.51.100.1, 198.51.100.1",
    // several header lines are one list
    "10.1.2.3, '198.51.100.1|203.0.113.9', 203.0.113.9",
    // what can't be read ends the chain at who said it
    "10.1.2.3, '198.51.100.1, nonsense', 10.1.2.3",
    "10.1.2.3, '198.51.100.1, unknown, 10.4.4.4', 10.4.4.4",
    "10.1.2.3, '', 10.1.2.3",
    // all of them proxies: the one that is farthest away
    "10.1.2.3, '10.7.7.7, 10.8.8.8', 10.7.7.7"
  })
  void the_client_is_the_last_address_that_is_no_trusted_proxys(
      String peer, String chain, String client) {
    assertThat(forwarded(peer, chain)).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource({
    "for=198.51.100.1, 198.51.100.1",
    "'For=\"[2001:db8::7]:4711\";proto=https;by=10.1.1.1', 2001:db8::7",
    "'for=198.51.100.1, for=203.0.113.9;host=chat.example', 203.0.113.9",
    "for=_hidden, 10.1.2.3",
    "proto=https, 10.1.2.3"
  })
  void the_standard_header_is_read_and_counts_first(String header, String client) {
    var headers = MultiMap.caseInsensitiveMultiMap()
        .add("Forwarded", header)
        .add("X-Forwarded-For", "192.0.2.200");
    assertThat(PROXIES.client("10.1.2.3", headers)).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.1, 198.51.100.1",
    "2001:db8:1:2:3:4:5:6, 20:01:0d:b8:00:01:00:02/64",
    "2001:db8:1:2::99, 20:01:0d:b8:00:01:00:02/64",
    "unknown, unknown"
  })
  void an_ipv6_holder_is_counted_by_the_network(String address, String counted) {
    assertThat(Proxies.counted(address)).isEqualTo(counted);
  }

  @Test
  void loopback_is_this_machine() {
    assertThat(List.of("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"))
        .allMatch(Proxies::isLoopback);
    assertThat(List.of("128.0.0.1", "::2", "nonsense")).noneMatch(Proxies::isLoopback);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "fd00::/129", "1.2.3.4/", "a.b"
      })
  void what_is_no_network_is_refused(String text) {
    assertThat(Network.isOne(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
    "192.0.2.128/25, 192.0.2.255, 192.0.2.127",
    "0.0.0.0/0, 203.0.113.1, ::1",
    "fd00::/9, fd7f::1, fd80::1",
    "192.0.2.1, 192.0.2.1, 192.0.2.2"
  })
  void a_network_has_those_that_begin_alike(String network, String inside, String outside) {
    var one = Network.of(network);
    assertThat(one.has(Objects.requireNonNull(Network.bytes(inside)))).isTrue();
    assertThat(one.has(Objects.requireNonNull(Network.bytes(outside)))).isFalse();
  }
}
