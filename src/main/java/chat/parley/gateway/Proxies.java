package chat.parley.gateway;

import chat.parley.http.Network;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The proxies in front that are believed when they say for whom they connect ({@code Forwarded}, RFC 7239, or {@code X-Forwarded-For}). Whoever is none of them is
 * taken for what its socket says. Immutable.
 */
public final class Proxies {
  private static final Pattern FOR =
      Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;,\\s]*)");
  private static final int MOST_HOPS = 32;

  private final List<Network> trusted;

  /** @param networks addresses or networks such as {@code 10.0.0.0/8} or {@code fd00::/8} */
  public Proxies(List<String> networks) {
    trusted = networks.stream().map(Network::of).toList();
  }

  /** The client's address, as far as it can be believed: the last one that is not of a trusted proxy. */
  String client(HttpServerRequest request) {
    var peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    return peer == null ? "unknown" : client(peer, request.headers());
  }

  String client(String peer, MultiMap headers) {
    var believed = peer;
    var hops = trusts(peer) ? hops(headers) : List.<String>of();
    for (int i = hops.size() - 1; i >= 0; i--) {
      var hop = Network.bytes(hops.get(i));
      if (hop == null) {
        break; // hidden or nonsense: what is before it can't be believed either
      }
      believed = text(hop);
      if (!trusts(believed)) {
        break;
      }
    }
    return believed;
  }

  private boolean trusts(String address) {
    var asked = Network.bytes(address);
    return asked != null && trusted.stream().anyMatch(network -> network.has(asked));
  }

  private static List<String> hops(MultiMap headers) {
    var hops = new ArrayList<String>();
    for (var line : headers.getAll("Forwarded")) {
      for (var hop : line.split(",", MOST_HOPS)) {
        var found = FOR.matcher(hop);
        hops.add(found.find() ? withoutPort(found.group(1).replace("\"", "")) : "");
      }
    }
    if (hops.isEmpty()) {
      for (var line : headers.getAll("X-Forwarded-For")) {
        Arrays.stream(line.split(",", MOST_HOPS)).map(Proxies::withoutPort).forEach(hops::add);
      }
    }
    return hops;
  }

  private static String withoutPort(String hop) {
    var host = hop.trim();
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon >= 0 && colon == host.lastIndexOf(':') ? host.substring(0, colon) : host;
  }

  private static String text(byte[] address) {
    return NetUtil.bytesToIpAddress(address);
  }

  /** By what connections are counted: an IPv4 address, or the network (/64) that one holder of an IPv6 address has. */
  static String counted(String address) {
    var bytes = Network.bytes(address);
    return bytes == null || bytes.length == 4
        ? address
        : HexFormat.ofDelimiter(":").formatHex(bytes, 0, 8) + "/64";
  }

  /** Whether it is this machine itself. */
  static boolean isLoopback(String address) {
    var bytes = Network.bytes(address);
    return bytes != null
        && (bytes.length == 4
            ? bytes[0] == 127
            : Arrays.equals(bytes, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  }
}
