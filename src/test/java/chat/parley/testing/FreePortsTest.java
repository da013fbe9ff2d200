package chat.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void ports_are_free_and_distinct() throws Exception {
    var ports = FreePorts.of(50);
    assertThat(ports).doesNotHaveDuplicates().doesNotContainAnyElementsOf(FreePorts.of(50));
    for (var port : ports) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      }
    }
  }
}
